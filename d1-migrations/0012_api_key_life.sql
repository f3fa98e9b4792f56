-- A key that was rolled, and the one that replaces it; both are of the same workspace.
ALTER TABLE api_key ADD COLUMN rolled_from TEXT;
ALTER TABLE api_key ADD COLUMN rolled_to TEXT;
-- Networks that a key may be used from, a JSON array; empty: from anywhere.
ALTER TABLE api_key ADD COLUMN allowed_networks TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_networks));
-- Where a key was found in public, when it was revoked for that; JSON.
ALTER TABLE api_key ADD COLUMN leak TEXT CHECK (leak IS NULL OR json_valid(leak));
-- All of it behind the gate of api_key, as every column.
