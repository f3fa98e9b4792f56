-- The audit log: one RFC 6962 log per workspace (docs/adr/0001). `log_id` is the id of what the log belongs to.
CREATE TABLE audit_log (
  log_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq >= 0),
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  range BLOB NOT NULL CHECK (length(range) > 0 AND length(range) % 32 = 0),
  PRIMARY KEY (log_id, seq)
) STRICT, WITHOUT ROWID;

-- The columns below `leaf` are made by the database from the very bytes that were hashed: they cannot disagree with them.
-- The deferred foreign key fails the COMMIT of a batch that has a body and no log row.
CREATE TABLE audit_body (
  log_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  leaf TEXT NOT NULL CHECK (json_valid(leaf) AND length(CAST(leaf AS BLOB)) <= 65535),
  idempotency_key TEXT GENERATED ALWAYS AS (json_extract(leaf, '$.idempotencyKey')) STORED,
  action TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.action')) STORED,
  actor_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.actor.id')) STORED,
  user_id TEXT GENERATED ALWAYS AS (json_extract(leaf, '$.user')) STORED,
  surface TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.surface')) STORED,
  entity_type TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.entity.type')) STORED,
  entity_id TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.entity.id')) STORED,
  outcome TEXT NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.outcome')) STORED,
  person TEXT GENERATED ALWAYS AS (json_extract(leaf, '$.person')) STORED,
  at INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(leaf, '$.at')) STORED,
  PRIMARY KEY (log_id, seq),
  FOREIGN KEY (log_id, seq) REFERENCES audit_log (log_id, seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX audit_body_idempotency ON audit_body (log_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- The one index that every entry pays for: "what happened to this thing". Other filters read a bounded stretch of the log.
CREATE INDEX audit_body_entity ON audit_body (log_id, entity_id, seq);

-- Personal fields. An entry holds only their commitment, SHA-256(salt || json), so erasing a person is deleting their rows
-- here. One row serves all entries of a person whose fields were the same; the salt is the person's, in this log.
CREATE TABLE audit_person (
  log_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  commitment TEXT NOT NULL CHECK (length(commitment) = 43),
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  json TEXT NOT NULL CHECK (json_valid(json)),
  PRIMARY KEY (log_id, user_id, commitment)
) STRICT, WITHOUT ROWID;

-- BEFORE INSERT triggers also stop INSERT OR REPLACE, which walks around UPDATE and DELETE triggers in D1.
CREATE TRIGGER audit_body_is_the_head BEFORE INSERT ON audit_body WHEN
  NEW.seq <> coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.log_id), 0)
  OR EXISTS (SELECT 1 FROM audit_body WHERE log_id = NEW.log_id AND seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM audit_body WHERE log_id = NEW.log_id AND idempotency_key = json_extract(NEW.leaf, '$.idempotencyKey'))
  OR json_extract(NEW.leaf, '$.seq') IS NOT NEW.seq
  OR json_extract(NEW.leaf, '$.log') IS NOT NEW.log_id
BEGIN SELECT RAISE(ABORT, 'audit entry is not the head'); END;
CREATE TRIGGER audit_body_is_never_changed BEFORE UPDATE ON audit_body
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;
-- Retention: inside an open audit_log.prune entry, below the minimum that this very entry publishes.
CREATE TRIGGER audit_body_is_only_pruned BEFORE DELETE ON audit_body WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.log_id AND action = 'audit_log.prune'
    AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.log_id), 0)
    AND json_extract(leaf, '$.after.minimum') > OLD.seq
)
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;

CREATE TRIGGER audit_log_is_the_head BEFORE INSERT ON audit_log WHEN
  NEW.seq <> coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.log_id), 0)
  OR EXISTS (SELECT 1 FROM audit_log WHERE log_id = NEW.log_id AND seq = NEW.seq)
  OR NOT EXISTS (SELECT 1 FROM audit_body WHERE log_id = NEW.log_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'audit entry is not the head'); END;
CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;
CREATE TRIGGER audit_log_is_never_deleted BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;

-- A person's fields come with the open entry that commits to them. The same row again is no change (INSERT OR IGNORE);
-- another one in its place is.
CREATE TRIGGER audit_person_belongs_to_the_head BEFORE INSERT ON audit_person WHEN
  NOT EXISTS (
    SELECT 1 FROM audit_body WHERE log_id = NEW.log_id AND person = NEW.commitment
      AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = NEW.log_id), 0)
  )
  OR EXISTS (
    SELECT 1 FROM audit_person WHERE log_id = NEW.log_id AND user_id = NEW.user_id AND commitment = NEW.commitment
      AND (salt <> NEW.salt OR json <> NEW.json)
  )
BEGIN SELECT RAISE(ABORT, 'audit entry is not the head'); END;
CREATE TRIGGER audit_person_is_never_changed BEFORE UPDATE ON audit_person
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;
CREATE TRIGGER audit_person_is_only_erased BEFORE DELETE ON audit_person WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.log_id AND action = 'person.erase' AND entity_id = OLD.user_id
    AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.log_id), 0)
)
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;
