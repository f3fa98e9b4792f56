-- A workspace's own address. Workspaces from before have none until somebody sets one.
ALTER TABLE workspace ADD COLUMN slug TEXT CHECK (slug IS NULL OR length(slug) BETWEEN 3 AND 63);
CREATE UNIQUE INDEX workspace_slug ON workspace (slug);
-- As for status pages: OR REPLACE would take a slug from its owner without asking that owner's gate.
CREATE TRIGGER workspace_slug_insert BEFORE INSERT ON workspace WHEN EXISTS (
  SELECT 1 FROM workspace WHERE slug = NEW.slug
)
BEGIN SELECT RAISE(ABORT, 'slug is taken'); END;
CREATE TRIGGER workspace_slug_update BEFORE UPDATE OF slug ON workspace WHEN EXISTS (
  SELECT 1 FROM workspace WHERE slug = NEW.slug AND workspace_id <> OLD.workspace_id
)
BEGIN SELECT RAISE(ABORT, 'slug is taken'); END;

-- Somebody is asked to join. The row goes when it is withdrawn or declined; one that was accepted stays, to say so.
CREATE TABLE invitation (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin')),
  invited_by TEXT NOT NULL REFERENCES user (id),
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_by TEXT REFERENCES user (id),
  accepted_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invitation_open ON invitation (workspace_id, email) WHERE accepted_at IS NULL;
-- Whoever is invited looks for what waits for their address, in any workspace.
CREATE INDEX invitation_email ON invitation (email);

CREATE TRIGGER invitation_insert_gate BEFORE INSERT ON invitation WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER invitation_update_gate BEFORE UPDATE ON invitation WHEN NEW.workspace_id <> OLD.workspace_id OR NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
CREATE TRIGGER invitation_delete_gate BEFORE DELETE ON invitation WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

-- Whose role a key acts with: who made it, or whoever it was handed over to.
ALTER TABLE api_key ADD COLUMN handed_to TEXT REFERENCES user (id);

-- The one workspace that a session is in, and the address that the provider had verified when it began. Sessions from
-- before are in none, so they have ended.
ALTER TABLE session ADD COLUMN workspace_id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN email TEXT;
CREATE INDEX session_workspace ON session (workspace_id, user_id);
CREATE TRIGGER session_place_gate BEFORE UPDATE OF workspace_id, email ON session WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = NEW.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.user_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;

-- As before, and: whoever is removed from a workspace, or leaves it, is signed out of it by that workspace's own entry.
DROP TRIGGER session_delete_gate;
CREATE TRIGGER session_delete_gate BEFORE DELETE ON session WHEN OLD.created_at > (unixepoch() - 2592000) * 1000
AND NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.user_id AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.user_id), 0)
)
AND NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.workspace_id AND action IN ('member.remove', 'member.leave') AND entity_id = OLD.user_id
    AND outcome = 'ok' AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.workspace_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'unaudited write'); END;
