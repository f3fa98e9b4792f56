import { z } from 'zod'
import { userOf } from '../account/rows.ts'
import { sessionHash } from '../context.ts'
import { query } from '../query.ts'
import { workspacesOwnedBy } from './rows.ts'

/** The workspaces that whoever is signed in owns: what stands in the way of deleting an account, or goes with it. */
export const listOwned = query({
  name: 'account.owned',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { credential }) => ({ owned: workspacesOwnedBy(db, userOf(sessionHash(credential))) }),
  answer: (_context, _input, { owned }) => owned.map(({ id, name, members }) => ({ id, name, members })),
})
