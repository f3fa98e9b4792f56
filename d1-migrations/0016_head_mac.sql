-- Who wrote the end of a log: a MAC of its head after each leaf, under a key that only the log's object has (docs/adr/0002).
-- Rows from before have none: the object's copy is at the last of them, or has noted it ahead.
ALTER TABLE audit_log ADD COLUMN mac BLOB;
