import { z } from 'zod'
import type { AccountView } from '../../../../shared/contracts/account.ts'
import { AppError } from '../../../../shared/errors.ts'
import { sessionHash } from '../context.ts'
import { originOfSession } from '../identity/rows.ts'
import { query } from '../query.ts'
import { identitiesOf, userById, userOf } from './rows.ts'
import { identityView } from './view.ts'

/** Who is signed in, and how they do. */
export const getAccount = query({
  name: 'account.get',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { credential }) => ({
    person: userById(db, userOf(sessionHash(credential))),
    identities: identitiesOf(db, userOf(sessionHash(credential))),
    session: originOfSession(db, sessionHash(credential)),
  }),
  answer(_context, _input, { person: [person], identities, session: [session] }): AccountView {
    if (!person || !session) throw new AppError('unauthorized', 'You are signed out. Sign in again.')
    const { id, name, email, createdAt } = person
    return {
      id,
      name,
      email,
      createdAt: new Date(createdAt).toISOString(),
      signedInAt: new Date(session.createdAt).toISOString(),
      identities: identities.map((row) => identityView(row, session.identityId)),
    }
  },
})
