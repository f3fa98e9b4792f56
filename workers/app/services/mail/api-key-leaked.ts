import { apiKeyForMember } from '../api-key/rows.ts'
import type { Composer } from './composer.ts'
import { mailOf } from './template.ts'

/** To the holder of a key that was found in public, and to the owner. None for somebody who is no member any more. */
export const compose: Composer<'api_key_leaked'> = async (db, workspaceId, { keyId, userId }, { publicUrl }) => {
  const [key] = await apiKeyForMember(db, workspaceId, keyId, userId)
  if (!key?.leak) return null
  const { name, id, workspaceName, leak, holder } = key
  return mailOf({
    to: key.email,
    subject: `The API key "${name}" was found in public and is revoked`,
    paragraphs: [
      `The API key "${name}" (${id}) of the workspace "${workspaceName}" was found in public${leak.url === '' ? '' : `, at ${leak.url}`}. Candor has revoked it: whatever uses it is refused.`,
      'Make a new key for whatever used this one, and keep it where nobody else reads it. The audit log, filtered by the id of the key, says what was changed with it.',
    ],
    link: { label: 'API keys of this workspace', url: `${publicUrl}/api-keys` },
    reason:
      holder === userId
        ? 'You get this because this key acted in your name.'
        : 'You get this because you own this workspace.',
  })
}
