import { fromBase64, toBase64 } from './base64.ts'
import { type NoteVerifier, type PrivateKey, parseNote, signNote, verifyNote } from './note.ts'

/** A tree head (c2sp.org/tlog-checkpoint): what a log of this size hashes to. */
export interface TreeHead {
  origin: string
  size: number
  root: Uint8Array
}

export const formatTreeHead = ({ origin, size, root }: TreeHead): string => `${origin}\n${size}\n${toBase64(root)}\n`

/** The tree head of a note's text; null for what is none. Extension lines are allowed and ignored. */
export function parseTreeHead(text: string): TreeHead | null {
  const [origin = '', size = '', hash = '', ...extensions] = text.split('\n')
  const root = fromBase64(hash)
  const whole = extensions.at(-1) === '' && !extensions.slice(0, -1).includes('')
  if (origin === '' || !/^(?:0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32 || !whole) return null
  return { origin, size: Number(size), root }
}

/** Signs a tree head under its origin's name. */
export const signCheckpoint = (head: TreeHead, key: PrivateKey, publicKey: Uint8Array): Promise<string> =>
  signNote(formatTreeHead(head), head.origin, key, publicKey)

export type ReadCheckpoint = { ok: true; head: TreeHead } | { ok: false; reason: 'malformed' | 'signature' }

/** The tree head of a checkpoint that one of the keys has signed. */
export async function readCheckpoint(note: string, verifiers: NoteVerifier[]): Promise<ReadCheckpoint> {
  const parsed = parseNote(note)
  const head = parsed && parseTreeHead(parsed.text)
  if (!parsed || !head) return { ok: false, reason: 'malformed' }
  return (await verifyNote(parsed, verifiers)) ? { ok: true, head } : { ok: false, reason: 'signature' }
}
