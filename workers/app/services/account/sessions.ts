import { z } from 'zod'
import { sessionHash } from '../context.ts'
import { query } from '../query.ts'
import { sessionsOf, userOf } from './rows.ts'
import { sessionView } from './view.ts'

/** More than these are ended all at once, and not looked through. */
export const MAX_SESSIONS = 100

/** The sessions of whoever is signed in, in whichever workspace they are: the last used first. */
export const listSessions = query({
  name: 'account.sessions',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { credential, now }) => ({
    sessions: sessionsOf(db, userOf(sessionHash(credential)), now, MAX_SESSIONS),
  }),
  answer: ({ credential }, _input, { sessions }) => sessions.map((row) => sessionView(row, sessionHash(credential))),
})
