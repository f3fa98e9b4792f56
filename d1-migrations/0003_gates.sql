-- The gates: a tenant's row changes only while an entry of its own workspace stands open at the head of the log, which is
-- only inside the batch that also closes that entry. The same condition refuses writes across workspaces and moved rows.
CREATE TRIGGER workspace_insert_gate BEFORE INSERT ON workspace WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER workspace_update_gate BEFORE UPDATE ON workspace WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER workspace_delete_gate BEFORE DELETE ON workspace WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER workspace_key_insert_gate BEFORE INSERT ON workspace_key WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER workspace_key_update_gate BEFORE UPDATE ON workspace_key WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER workspace_key_delete_gate BEFORE DELETE ON workspace_key WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER membership_insert_gate BEFORE INSERT ON membership WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER membership_update_gate BEFORE UPDATE ON membership WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER membership_delete_gate BEFORE DELETE ON membership WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER monitor_insert_gate BEFORE INSERT ON monitor WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER monitor_update_gate BEFORE UPDATE ON monitor WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER monitor_delete_gate BEFORE DELETE ON monitor WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER integration_insert_gate BEFORE INSERT ON integration WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER integration_update_gate BEFORE UPDATE ON integration WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER integration_delete_gate BEFORE DELETE ON integration WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER monitor_integration_insert_gate BEFORE INSERT ON monitor_integration WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER monitor_integration_update_gate BEFORE UPDATE ON monitor_integration WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER monitor_integration_delete_gate BEFORE DELETE ON monitor_integration WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER incident_insert_gate BEFORE INSERT ON incident WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER incident_update_gate BEFORE UPDATE ON incident WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER incident_delete_gate BEFORE DELETE ON incident WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER status_page_insert_gate BEFORE INSERT ON status_page WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER status_page_update_gate BEFORE UPDATE ON status_page WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER status_page_delete_gate BEFORE DELETE ON status_page WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER status_page_monitor_insert_gate BEFORE INSERT ON status_page_monitor WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER status_page_monitor_update_gate BEFORE UPDATE ON status_page_monitor WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER status_page_monitor_delete_gate BEFORE DELETE ON status_page_monitor WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER api_key_insert_gate BEFORE INSERT ON api_key WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER api_key_update_gate BEFORE UPDATE ON api_key WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER api_key_delete_gate BEFORE DELETE ON api_key WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

-- People, how they sign in and their sessions: the same gate, on the person's own log. When a session was seen last is no
-- decision of anybody's, and one that has ended (30 days at the latest) may be swept away.
CREATE TRIGGER user_insert_gate BEFORE INSERT ON user WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER user_update_gate BEFORE UPDATE ON user WHEN NEW.id <> OLD.id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER user_delete_gate BEFORE DELETE ON user WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER identity_insert_gate BEFORE INSERT ON identity WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER identity_update_gate BEFORE UPDATE ON identity WHEN NEW.user_id <> OLD.user_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER identity_delete_gate BEFORE DELETE ON identity WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

CREATE TRIGGER session_insert_gate BEFORE INSERT ON session WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER session_update_gate BEFORE UPDATE OF hash, user_id, attempt, provider, user_agent, created_at ON session WHEN NEW.user_id <> OLD.user_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER session_delete_gate BEFORE DELETE ON session WHEN OLD.created_at > (unixepoch() - 2592000) * 1000 AND NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
