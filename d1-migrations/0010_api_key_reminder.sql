-- When the one who made a key was told that it ends soon: once for each key. Behind the gate of api_key, as every column.
ALTER TABLE api_key ADD COLUMN reminded_at INTEGER;
