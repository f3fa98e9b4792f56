-- People and their sign-ins. Not a tenant's rows: one person may belong to several workspaces. Their changes are entries
-- of the person's own log, whose id is the person's.
CREATE TABLE user (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id),
  provider TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash TEXT NOT NULL PRIMARY KEY CHECK (length(hash) = 64),
  user_id TEXT NOT NULL REFERENCES user (id),
  attempt TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user_id);

-- Tenants. Every key begins with workspace_id and every foreign key carries it, so a row cannot point into another workspace.
CREATE TABLE workspace (
  workspace_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (plan IN ('free', 'pro')),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE workspace_key (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 65535),
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE membership (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  user_id TEXT NOT NULL REFERENCES user (id),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_user ON membership (user_id);

CREATE TABLE monitor (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('http')),
  url TEXT NOT NULL,
  method TEXT NOT NULL,
  headers BLOB,
  headers_fingerprint TEXT,
  body BLOB,
  body_fingerprint TEXT,
  interval_seconds INTEGER NOT NULL CHECK (interval_seconds >= 30),
  timeout_ms INTEGER NOT NULL CHECK (timeout_ms BETWEEN 500 AND 60000),
  degraded_after_ms INTEGER,
  follow_redirects INTEGER NOT NULL CHECK (follow_redirects IN (0, 1)),
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE integration (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed_config BLOB NOT NULL,
  config TEXT NOT NULL CHECK (json_valid(config)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE monitor_integration (
  workspace_id TEXT NOT NULL,
  monitor_id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, monitor_id, integration_id),
  FOREIGN KEY (workspace_id, monitor_id) REFERENCES monitor (workspace_id, id),
  FOREIGN KEY (workspace_id, integration_id) REFERENCES integration (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  monitor_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  resolved_at INTEGER CHECK (resolved_at >= started_at),
  cause TEXT NOT NULL CHECK (json_valid(cause)),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, monitor_id) REFERENCES monitor (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX incident_open ON incident (workspace_id, monitor_id) WHERE resolved_at IS NULL;
CREATE INDEX incident_started ON incident (workspace_id, started_at);

CREATE TABLE status_page (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE status_page_monitor (
  workspace_id TEXT NOT NULL,
  status_page_id TEXT NOT NULL,
  monitor_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, status_page_id, monitor_id),
  FOREIGN KEY (workspace_id, status_page_id) REFERENCES status_page (workspace_id, id),
  FOREIGN KEY (workspace_id, monitor_id) REFERENCES monitor (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_key (
  workspace_id TEXT NOT NULL REFERENCES workspace (workspace_id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  created_by TEXT NOT NULL REFERENCES user (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- Outside the gate: no human's decision, each with its reason in workers/app/db/exempt.ts.
CREATE TABLE api_key_use (
  workspace_id TEXT NOT NULL,
  api_key_id TEXT NOT NULL,
  last_used_on TEXT NOT NULL,
  PRIMARY KEY (workspace_id, api_key_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (json_valid(effect)),
  due_at INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  integration_id TEXT NOT NULL,
  event TEXT NOT NULL,
  monitor_id TEXT,
  incident_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
  attempts INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_monitor ON delivery (workspace_id, monitor_id, created_at);

-- A slug is unique over all workspaces, and OR REPLACE would take it from its owner without asking that owner's gate.
CREATE TRIGGER status_page_slug_insert BEFORE INSERT ON status_page WHEN EXISTS (
  SELECT 1 FROM status_page WHERE slug = NEW.slug
)
BEGIN SELECT RAISE(ABORT, 'slug is taken'); END;
CREATE TRIGGER status_page_slug_update BEFORE UPDATE OF slug ON status_page WHEN EXISTS (
  SELECT 1 FROM status_page WHERE slug = NEW.slug AND (workspace_id, id) <> (OLD.workspace_id, OLD.id)
)
BEGIN SELECT RAISE(ABORT, 'slug is taken'); END;

-- The same for what is unique over all people: OR REPLACE would take an address, an identity or a session from its owner
-- without asking the gate of the owner's log.
CREATE TRIGGER user_unique_insert BEFORE INSERT ON user WHEN EXISTS (
  SELECT 1 FROM user WHERE id = NEW.id OR email = NEW.email
)
BEGIN SELECT RAISE(ABORT, 'user.email is taken'); END;
CREATE TRIGGER user_unique_update BEFORE UPDATE OF id, email ON user WHEN EXISTS (
  SELECT 1 FROM user WHERE (id = NEW.id OR email = NEW.email) AND id <> OLD.id
)
BEGIN SELECT RAISE(ABORT, 'user.email is taken'); END;
CREATE TRIGGER identity_unique_insert BEFORE INSERT ON identity WHEN EXISTS (
  SELECT 1 FROM identity WHERE issuer = NEW.issuer AND subject = NEW.subject
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE identity is taken'); END;
CREATE TRIGGER identity_unique_update BEFORE UPDATE OF issuer, subject ON identity WHEN EXISTS (
  SELECT 1 FROM identity WHERE issuer = NEW.issuer AND subject = NEW.subject AND (issuer, subject) <> (OLD.issuer, OLD.subject)
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE identity is taken'); END;
CREATE TRIGGER session_unique_insert BEFORE INSERT ON session WHEN EXISTS (
  SELECT 1 FROM session WHERE hash = NEW.hash OR attempt = NEW.attempt
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE session is taken'); END;
CREATE TRIGGER session_unique_update BEFORE UPDATE OF hash, attempt ON session WHEN EXISTS (
  SELECT 1 FROM session WHERE (hash = NEW.hash OR attempt = NEW.attempt) AND hash <> OLD.hash
)
BEGIN SELECT RAISE(ABORT, 'UNIQUE session is taken'); END;
