-- Who wrote the end of a log: a MAC of its head under a key that only the log's object has, on the last row of each batch
-- (docs/adr/0002). Rows from before have none: the object's copy is at the last of them, or has announced it.
ALTER TABLE audit_log ADD COLUMN mac BLOB;
