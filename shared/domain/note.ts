import { fromBase64, toBase64 } from './base64.ts'

/*
 * Signed notes (c2sp.org/signed-note) with Ed25519 keys. WebCrypto has no ML-DSA yet; the key type is a byte, so that one
 * can be added beside it.
 */
const ED25519 = 0x01
const MAX_SIGNATURES = 32
const SIGNATURE_BYTES = 64
const encoder = new TextEncoder()

/** A private key of WebCrypto, under the name that browsers, workerd and Node agree on. */
export type PrivateKey = Parameters<typeof crypto.subtle.sign>[1]

/** A public key under a name. The key id is derived from both. */
export interface NoteVerifier {
  name: string
  /** Eight hexadecimal characters. */
  keyId: string
  publicKey: Uint8Array
}

export interface SignedNote {
  /** Everything before the blank line, with its last newline. */
  text: string
  signatures: { name: string; keyId: string; signature: Uint8Array }[]
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const isName = (name: string) => name !== '' && !/[\s+]/u.test(name)

/** The verifier of a raw Ed25519 public key (32 bytes) under a name. */
export async function noteVerifier(name: string, publicKey: Uint8Array): Promise<NoteVerifier> {
  const input = new Uint8Array([...encoder.encode(`${name}\n`), ED25519, ...publicKey])
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', input))
  return { name, keyId: hex(hash.subarray(0, 4)), publicKey }
}

/** `name+id+key`: how a verifier is written down. */
export const formatVerifier = ({ name, keyId, publicKey }: NoteVerifier): string =>
  `${name}+${keyId}+${toBase64(new Uint8Array([ED25519, ...publicKey]))}`

/** The verifier of a written key; null for what is none, or has another type than Ed25519. */
export async function parseVerifier(text: string): Promise<NoteVerifier | null> {
  const [, name = '', keyId = '', key = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? []
  const bytes = fromBase64(key)
  if (bytes?.length !== 33 || bytes[0] !== ED25519) return null
  const verifier = await noteVerifier(name, bytes.slice(1))
  return verifier.keyId === keyId ? verifier : null
}

/** Signs a text, which ends in a newline, as `name`. */
export async function signNote(text: string, name: string, key: PrivateKey, publicKey: Uint8Array): Promise<string> {
  const { keyId } = await noteVerifier(name, publicKey)
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, encoder.encode(text)))
  const id = Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(keyId.slice(i * 2, i * 2 + 2), 16))
  return `${text}\n— ${name} ${toBase64(new Uint8Array([...id, ...signature]))}\n`
}

/** Takes a note apart, without verifying it; null for what is none. */
export function parseNote(note: string): SignedNote | null {
  const end = note.lastIndexOf('\n\n')
  // Control characters other than newline are forbidden in a note.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (end < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) return null
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) return null
  const signatures = lines.map((line) => {
    const [, name = '', value = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const bytes = fromBase64(value)
    return isName(name) && bytes && bytes.length > 4
      ? { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
      : null
  })
  if (signatures.includes(null)) return null
  return { text: note.slice(0, end + 1), signatures: signatures.filter((one) => one !== null) }
}

/**
 * Whether a note is signed by one of the keys. Signatures of unknown keys are ignored; a wrong signature of a known key
 * rejects the whole note.
 */
export async function verifyNote({ text, signatures }: SignedNote, verifiers: NoteVerifier[]): Promise<boolean> {
  let verified = false
  for (const { name, keyId, signature } of signatures) {
    const known = verifiers.find((verifier) => verifier.name === name && verifier.keyId === keyId)
    if (!known) continue
    if (signature.length !== SIGNATURE_BYTES) return false
    const key = await crypto.subtle.importKey('raw', new Uint8Array(known.publicKey), 'Ed25519', false, ['verify'])
    if (!(await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), encoder.encode(text)))) return false
    verified = true
  }
  return verified
}
