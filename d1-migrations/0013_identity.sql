-- What a provider said of an account when somebody last signed in with it: several of them are told apart by it.
-- `email` is what the provider had verified, or null.
ALTER TABLE identity ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN email TEXT;
ALTER TABLE identity ADD COLUMN last_used_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX identity_user ON identity (user_id);

-- Which of them a session began with: it ends when that one is unlinked.
ALTER TABLE session ADD COLUMN identity_id TEXT NOT NULL DEFAULT '';

-- Until now everybody had one, whose address was the account's: the gate stands open for these two statements alone.
UPDATE session SET identity_id = coalesce((SELECT id FROM identity WHERE identity.user_id = session.user_id), '');
DROP TRIGGER identity_update_gate;
UPDATE identity SET
  name = (SELECT name FROM user WHERE user.id = identity.user_id),
  email = (SELECT email FROM user WHERE user.id = identity.user_id),
  last_used_at = coalesce((SELECT max(created_at) FROM session WHERE session.user_id = identity.user_id), created_at);
CREATE TRIGGER identity_update_gate BEFORE UPDATE ON identity WHEN NEW.user_id <> OLD.user_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER session_identity_gate BEFORE UPDATE OF identity_id ON session WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
