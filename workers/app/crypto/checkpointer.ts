import { signCheckpoint, type TreeHead } from '../../../shared/domain/checkpoint.ts'
import { formatVerifier, noteVerifier } from '../../../shared/domain/note.ts'
import { type AuditKeyring, type SigningKey, signingKey } from './audit-key.ts'

export interface VerifierKey {
  /** As c2sp.org/signed-note writes a key down. */
  vkey: string
  state: 'active' | 'retired'
}

/** Names the logs of a deployment, and signs their tree heads. */
export interface Checkpointer {
  /** `<host>/audit/<log id>` */
  originOf(logId: string): string
  sign(logId: string, head: Omit<TreeHead, 'origin'>): Promise<string>
  /** Keys whose checkpoints of this log verify, the one that signs now first. */
  verifierKeys(logId: string): Promise<VerifierKey[]>
}

/** One key signs for all logs, under each log's own name: a checkpoint of one log is none of another. */
export function makeCheckpointer(host: string, keyring: AuditKeyring): Checkpointer {
  let imported: Promise<SigningKey> | null = null
  const current = () => (imported ??= signingKey(keyring.seed))
  const originOf = (logId: string) => `${host}/audit/${logId}`
  const written = async (logId: string, publicKey: Uint8Array) =>
    formatVerifier(await noteVerifier(originOf(logId), publicKey))
  return {
    originOf,
    async sign(logId, head) {
      const { key, publicKey } = await current()
      return signCheckpoint({ origin: originOf(logId), ...head }, key, publicKey)
    },
    async verifierKeys(logId) {
      const active = { vkey: await written(logId, (await current()).publicKey), state: 'active' as const }
      const retired = keyring.retired.map(async (key) => ({
        vkey: await written(logId, key),
        state: 'retired' as const,
      }))
      return [active, ...(await Promise.all(retired))]
    },
  }
}
