import { isTimeToRemind } from '../../../../shared/domain/api-key.ts'
import { apiKeyForMail } from '../api-key/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** To the one who made a key that ends soon. None for one that was revoked, has ended or was given another end since. */
export const compose: Composer<'api_key_expiring'> = async (db, workspaceId, { keyId }, { publicUrl }) => {
  const [key] = await apiKeyForMail(db, workspaceId, keyId)
  if (!key || key.revokedAt !== null || key.expiresAt === null || !isTimeToRemind(key, Date.now())) return null
  return mailOf({
    to: key.email,
    subject: `The API key "${key.name}" expires on ${MOMENT.format(key.expiresAt)} UTC`,
    paragraphs: [
      `The API key "${key.name}" (${key.id}) of the workspace "${key.workspaceName}" expires on ${MOMENT.format(key.expiresAt)} UTC. From then on whatever uses it is refused.`,
      'If something still uses it, make a new key, put it in the place of this one, and then revoke this one. If nothing does, there is nothing to do.',
    ],
    link: { label: 'API keys of this workspace', url: `${publicUrl}/api-keys` },
    reason: 'You get this once, because you made this key.',
  })
}
