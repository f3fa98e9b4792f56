import { ById } from '../../../../shared/contracts/common.ts'
import { keysOfHolder } from '../api-key/rows.ts'
import { query } from '../query.ts'

/** The API keys that act with somebody's role: for the page that removes them. */
export const keysOfMember = query({
  name: 'member.keys',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: ById('user'),
  load: (db, { workspaceId }, { id }) => ({ keys: keysOfHolder(db, workspaceId, id) }),
  answer: (_context, _input, { keys }) => keys,
})
