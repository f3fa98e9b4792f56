import type { Context } from 'hono'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import { normaliseTypedEmail } from '../../../../shared/domain/email.ts'
import type { ChangeLimit } from '../../../../shared/domain/rate-limits.ts'
import { sha256, utf8 } from '../../crypto/bytes.ts'
import type { Credential } from '../../services/context.ts'
import type { Mutation } from '../../services/mutation.ts'
import type { Edge } from '../context.ts'
import { count } from './count.ts'

type C = Context<Edge>

/** The address as it is counted: not itself, because counters are not ours to look after. Null for what is no address. */
async function invitedKey(input: unknown): Promise<string | null> {
  const typed = (input as { email?: unknown }).email
  const email = typeof typed === 'string' ? normaliseTypedEmail(typed) : null
  return email === null ? null : toBase64(await sha256(utf8(email)))
}

const KEYS: Record<ChangeLimit, (credential: Credential, input: unknown) => Promise<string | null>> = {
  invitations: async ({ workspaceId }) => workspaceId,
  sends: async ({ workspaceId }) => workspaceId,
  exports: async ({ workspaceId }) => workspaceId,
  invited: (_credential, input) => invitedKey(input),
}

/** Counts a change against the limits that its verb declares. What has no key is refused by the verb itself. */
export async function countChange(c: C, verb: Mutation, credential: Credential, input: unknown): Promise<void> {
  for (const limit of verb.limits ?? []) {
    const key = await KEYS[limit](credential, input)
    if (key !== null) await count(c, limit, key)
  }
}
