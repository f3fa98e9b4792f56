-- What a log's own check has found, for the pages: read with the caller, in the same statement. Outside the gates, because
-- it has to be written when the log takes no entry any more (workers/app/db/exempt.ts).
CREATE TABLE log_finding (
  workspace_id TEXT NOT NULL PRIMARY KEY,
  verdict TEXT NOT NULL,
  entry INTEGER NOT NULL CHECK (entry >= 0),
  found_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
