import { isTimeToRemind } from '../../../../shared/domain/api-key.ts'
import { apiKeyForMail } from '../api-key/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** To the holder of a key that ends soon. None for one that was revoked or rolled, has ended or was given another end since. */
export const compose: Composer<'api_key_expiring'> = async (db, workspaceId, { keyId }, { publicUrl }) => {
  const [key] = await apiKeyForMail(db, workspaceId, keyId)
  if (!key || key.revokedAt !== null || key.expiresAt === null || !isTimeToRemind(key, Date.now())) return null
  return mailOf({
    to: key.email,
    subject: `The API key "${key.name}" expires on ${MOMENT.format(key.expiresAt)} UTC`,
    paragraphs: [
      `The API key "${key.name}" (${key.id}) of the workspace "${key.workspaceName}" expires on ${MOMENT.format(key.expiresAt)} UTC. From then on whatever uses it is refused.`,
      'If something still uses it, roll the key and put the new one in its place. If nothing does, there is nothing to do.',
    ],
    link: { label: 'API keys of this workspace', url: `${publicUrl}/api-keys` },
    reason: 'You get this once, because this key acts in your name.',
  })
}
