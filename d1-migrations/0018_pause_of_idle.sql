-- When the owner of a workspace that nobody uses was told, and told again, that its monitors will be paused (ADR 0036).
-- Behind the gate of workspace, as every column.
ALTER TABLE workspace ADD COLUMN pause_told_at INTEGER;
ALTER TABLE workspace ADD COLUMN pause_reminded_at INTEGER;
