import type { Context } from 'hono'
import { AppError, unwrap } from '../../../../shared/errors.ts'
import type { WorkspaceId } from '../../../../shared/ids.ts'
import { configOf, objectOf } from '../../bindings.ts'
import { issueSessionToken } from '../../crypto/session-token.ts'
import { database } from '../../db/client.ts'
import { personOfSession } from '../../services/account/rows.ts'
import { confirmPerson } from '../../services/caller.ts'
import type { Credential } from '../../services/context.ts'
import type { Edge } from '../context.ts'
import { setSessionCookie } from '../middleware/credential.ts'
import { clientOf, credentialOf } from '../run.ts'

type C = Context<Edge>

/** The session of a page for people, whatever workspace it is in. No I/O. */
export function sessionOf(c: C): Extract<Credential, { type: 'session' }> {
  const credential = credentialOf(c)
  if (credential.type !== 'session') throw new AppError('forbidden', 'This is for signed-in people.')
  return credential
}

/** The person behind a session that is good, whether or not they belong to the workspace it is in. */
export async function personOf(c: C) {
  const { hash } = sessionOf(c)
  return confirmPerson(await personOfSession(database(c.env.DB), hash), Date.now())
}

/** The session goes on in another workspace, under a new token. Throws `not_found` where its person is no member. */
export async function switchTo(c: C, userId: string, workspaceId: WorkspaceId): Promise<void> {
  const { hash } = sessionOf(c)
  const next = await issueSessionToken(configOf(c.env).signInKey, workspaceId)
  unwrap(
    await objectOf(c.env.ACCOUNT, c.env, userId).mutate({
      type: 'session.switch',
      userId,
      hash,
      session: { hash: next.hash, workspaceId },
      requestId: c.get('requestId'),
      client: clientOf(c),
      now: Date.now(),
    }),
  )
  setSessionCookie(c, next.token)
}
