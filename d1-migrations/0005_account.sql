-- A session that its owner ended while their log took no entry is one that was last seen at 0 (docs/adr/0020): for good.
CREATE TRIGGER session_ended_stays_ended BEFORE UPDATE OF last_seen_at ON session WHEN OLD.last_seen_at = 0 AND NEW.last_seen_at <> 0
BEGIN SELECT RAISE(ABORT, 'this session has ended'); END;

-- Personal fields also go with the last text that commits to them, inside the audit_log.prune entry that takes the texts.
DROP TRIGGER audit_person_is_only_erased;
CREATE TRIGGER audit_person_is_only_erased BEFORE DELETE ON audit_person WHEN NOT EXISTS (
  SELECT 1 FROM audit_body WHERE log_id = OLD.log_id
    AND seq = coalesce((SELECT max(seq) + 1 FROM audit_log WHERE log_id = OLD.log_id), 0)
    AND (
      (action = 'person.erase' AND entity_id = OLD.user_id)
      OR (action = 'audit_log.prune' AND NOT EXISTS (
        SELECT 1 FROM audit_body WHERE log_id = OLD.log_id AND person = OLD.commitment
      ))
    )
)
BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END;
