import { expect, test, vi } from 'vitest'
import { nightlyPass } from '../lib/audit.ts'
import { ask } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { pastTheGates, statement } from '../lib/database.ts'

test('a text that is not JSON, put where the database would take none, is found at night', async () => {
  const { person, logId } = await checkedLog()
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  // As somebody who may change the schema: a table of the same name that checks nothing.
  await pastTheGates([
    statement('CREATE TABLE other AS SELECT * FROM audit_body'),
    statement('DROP TABLE audit_body'),
    statement('ALTER TABLE other RENAME TO audit_body'),
    statement(`UPDATE audit_body SET leaf = '{"log":' WHERE log_id = ? AND seq = 3`, logId),
  ])
  expect((await nightlyPass(logId)).checked.finding).toEqual({ verdict: 'altered', entry: 3 })
  const { text } = await ask('GET', '/audit-logs/verification', { as: person })
  expect(text).toContain('This log does not verify: altered, first bad entry #3.')
})
