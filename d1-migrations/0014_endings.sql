-- When a workspace or an account ends; NULL while nobody has asked for it. Behind the gates, as every column.
ALTER TABLE workspace ADD COLUMN ends_at INTEGER;
ALTER TABLE user ADD COLUMN ends_at INTEGER;

-- What ended stays ended, and its id is never used again: nothing is written after that entry, and without an entry
-- nothing can be written at all.
CREATE TRIGGER audit_body_ended BEFORE INSERT ON audit_body WHEN EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.log_id AND seq = NEW.seq - 1
    AND action IN ('workspace.end', 'account.end') AND outcome = 'ok'
)
BEGIN SELECT RAISE(ABORT, 'this log has ended'); END;

-- As before, and: sessions in a workspace that ends go inside that workspace's own entry.
DROP TRIGGER session_delete_gate;
CREATE TRIGGER session_delete_gate BEFORE DELETE ON session WHEN OLD.created_at > (unixepoch() - 2592000) * 1000
AND NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.user_id), 0)
)
AND NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND outcome = 'ok'
    AND (action = 'workspace.purge' OR (action IN ('member.remove', 'member.leave') AND entity_id = OLD.user_id))
    AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

-- Where somebody whose account ends has left something, in any workspace.
CREATE INDEX audit_person_user ON audit_person (user_id);
CREATE INDEX api_key_created_by ON api_key (created_by);
CREATE INDEX api_key_handed_to ON api_key (handed_to) WHERE handed_to IS NOT NULL;
CREATE INDEX invitation_invited_by ON invitation (invited_by);
CREATE INDEX invitation_accepted_by ON invitation (accepted_by) WHERE accepted_by IS NOT NULL;
