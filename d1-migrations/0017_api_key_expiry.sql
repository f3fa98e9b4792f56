-- When Candor noted in the log that a key had ended by itself. Behind the gate of api_key, as every column.
ALTER TABLE api_key ADD COLUMN expired_at INTEGER;
