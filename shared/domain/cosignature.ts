import { fromBase64, toBase64 } from './base64.ts'
import { parseNote } from './note.ts'

/*
 * What a witness says of a tree head (c2sp.org/tlog-cosignature, Ed25519): that it is the largest one it has seen of this
 * log at that moment, and that the log only grew until then.
 */
const COSIGNATURE = 0x04
const KEY_BYTES = 32
const TIME_BYTES = 8
const SIGNATURE_BYTES = TIME_BYTES + 64
/** Clocks differ. A time further ahead would let a witness be called fresh that is not. */
const MAX_AHEAD_SECONDS = 300
const encoder = new TextEncoder()

/** A witness's key under its name. */
export interface Cosigner {
  name: string
  /** Eight hexadecimal characters. */
  keyId: string
  publicKey: Uint8Array
}

export interface Cosignature {
  /** The signature line, without its newline. */
  line: string
  /** Unix seconds, as the witness has signed them. */
  time: number
}

/** What the id of a cosigner's key is the hash of. */
export const cosignerIdInput = (name: string, publicKey: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array([...encoder.encode(`${name}\n`), COSIGNATURE, ...publicKey])

/** The parts of a written key, its id not compared yet; null for what is none, or is no Ed25519 cosigner's. */
export function splitCosignerKey(text: string): Cosigner | null {
  const [, name = '', keyId = '', key = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? []
  const bytes = fromBase64(key)
  if (bytes?.length !== KEY_BYTES + 1 || bytes[0] !== COSIGNATURE) return null
  return { name, keyId, publicKey: bytes.slice(1) }
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** The cosigner of a written key; null for what is none. */
export async function parseCosigner(text: string): Promise<Cosigner | null> {
  const parts = splitCosignerKey(text.trim())
  if (!parts) return null
  const id = new Uint8Array(await crypto.subtle.digest('SHA-256', cosignerIdInput(parts.name, parts.publicKey)))
  return hex(id.subarray(0, 4)) === parts.keyId ? parts : null
}

async function isRight(text: string, time: number, signature: Uint8Array, publicKey: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify'])
  const message = encoder.encode(`cosignature/v1\ntime ${time}\n${text}`)
  return crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), message)
}

/**
 * The cosignature of one witness among the signature lines of a checkpoint; null when there is none, or one that is not
 * right. Lines of others are ignored. `now` in Unix milliseconds.
 */
export async function readCosignature(
  text: string,
  lines: string,
  { name, keyId, publicKey }: Cosigner,
  now: number,
): Promise<Cosignature | null> {
  const note = parseNote(`${text}\n${lines}`)
  if (note?.text !== text) return null
  const own = note.signatures.filter((one) => one.name === name && one.keyId === keyId)
  let newest: Cosignature | null = null
  for (const { signature } of own) {
    if (signature.length !== SIGNATURE_BYTES) return null
    const time = new DataView(signature.slice().buffer).getBigUint64(0)
    if (time === 0n || Number(time) > now / 1000 + MAX_AHEAD_SECONDS) return null
    if (!(await isRight(text, Number(time), signature.slice(TIME_BYTES), publicKey))) return null
    const id = Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(keyId.slice(i * 2, i * 2 + 2), 16))
    const line = `— ${name} ${toBase64(new Uint8Array([...id, ...signature]))}`
    if (!newest || Number(time) > newest.time) newest = { line, time: Number(time) }
  }
  return newest
}
