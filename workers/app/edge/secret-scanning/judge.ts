import type { SecretMatch, SecretVerdict } from '../../../../shared/contracts/secret-scanning.ts'
import type { ApiKeyRing } from '../../crypto/keyring.ts'
import { type ReadApiKey, readApiKey } from '../../crypto/token.ts'

export type FoundKey = Extract<ReadApiKey, { ok: true }> & Pick<SecretMatch, 'url' | 'source'>

/** Before any key's end: one that has ended was one of ours all the same. */
const BEFORE_ANY_END = 0

/**
 * Says of each match whether it is a key that was issued here, by its shape, checksum and MAC: without any I/O. Answers the
 * keys as well, each once, with the first place that was named.
 */
export async function judge(
  ring: ApiKeyRing,
  matches: SecretMatch[],
): Promise<{ verdicts: SecretVerdict[]; keys: FoundKey[] }> {
  const keys = new Map<string, FoundKey>()
  const verdicts: SecretVerdict[] = []
  for (const { token, type, url, source } of matches) {
    const key = await readApiKey(ring, token, BEFORE_ANY_END)
    verdicts.push({ token_raw: token, token_type: type, label: key.ok ? 'true_positive' : 'false_positive' })
    if (key.ok && !keys.get(key.hash)?.url) keys.set(key.hash, { ...key, url, source })
  }
  return { verdicts, keys: [...keys.values()] }
}
