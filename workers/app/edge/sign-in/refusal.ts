import { unwrap } from '../../../../shared/errors.ts'
import { type Env, type IdentityProvider, objectOf } from '../../bindings.ts'
import type { Client } from '../../services/context.ts'

interface Try {
  env: Env
  provider: IdentityProvider
  requestId: string
  client: Client
}

/** People see in their own log that somebody tried to come in as them; while that takes entries. */
export async function noteRefusal(
  { env, provider, requestId, client }: Try,
  userId: string,
  why: string,
): Promise<void> {
  const request = { type: 'sign_in.refuse' as const, userId, provider: provider.id, why }
  const noted = await objectOf(env.ACCOUNT, env, userId).mutate({ ...request, requestId, client, now: Date.now() })
  if (noted.ok || noted.code !== 'log_tampered') return void unwrap(noted)
  // Whoever tried is refused all the same, and is told nothing about the log of somebody else.
  console.error(JSON.stringify({ event: 'sign_in.refusal_not_noted', requestId, userId }))
}
