import { naiveLeafHash } from './rfc6962.ts'

/*
 * A verifier of notes, receipts and consistency proofs that has nothing of the product's: RFC 6962, section 2.1, by
 * recursion, as the definitions of PATH and PROOF are written down, and the C2SP formats by their own texts.
 */

const encoder = new TextEncoder()
const sha256 = async (...parts: Uint8Array[]) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(parts.flatMap((part) => [...part]))))
const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right)
const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

class Unproved extends Error {}
const refuse = (why: string): never => {
  throw new Unproved(why)
}

/** Base64 in its one right spelling: others would be another receipt that says the same. */
const bytesOf = (base64: string) =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && btoa(atob(base64)) === base64
    ? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    : refuse('no base64')

export interface SignedHead {
  origin: string
  size: number
  root: Uint8Array
}

/** The head of a checkpoint, signed by the key that is written down as `name+id+key`. Throws for anything else. */
export async function checkpointHead(text: string, vkey: string): Promise<SignedHead> {
  const [, name = '', id = '', key = ''] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? []
  const [body = '', signatures = '', ...more] = text.split('\n\n')
  if (more.length > 0) refuse('more than one blank line')
  const [, signer = '', signature = ''] =
    /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)\n$/.exec(signatures) ?? refuse('no signature')
  const raw = bytesOf(key)
  const hash = await sha256(encoder.encode(`${name}\n`), raw)
  const signed = bytesOf(signature)
  if (raw[0] !== 1 || [...hash.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== id)
    refuse('the key is not what its id says')
  if (signer !== name || !same(signed.slice(0, 4), hash.slice(0, 4))) refuse('another signer')
  const publicKey = await crypto.subtle.importKey('raw', raw.slice(1), 'Ed25519', false, ['verify'])
  if (!(await crypto.subtle.verify('Ed25519', publicKey, signed.slice(4), encoder.encode(`${body}\n`))))
    refuse('a wrong signature')
  const [, origin = '', size = '', root = ''] =
    /^(\S+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)$/.exec(body) ?? refuse('no head')
  if (origin !== name) refuse('the head of another log')
  return { origin, size: Number(size), root: bytesOf(root) }
}

/** k: the largest power of two below n. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** The root that PATH(m, D[n]) leads to from a leaf. Consumes the path from its end: the top comes last. */
async function rootByPath(path: Uint8Array[], m: number, n: number, leaf: Uint8Array): Promise<Uint8Array> {
  if (n === 1) return path.length === 0 ? leaf : refuse('the path is too long')
  const sibling = path.at(-1) ?? refuse('the path is too short')
  const k = splitOf(n)
  return m < k
    ? node(await rootByPath(path.slice(0, -1), m, k, leaf), sibling)
    : node(sibling, await rootByPath(path.slice(0, -1), m - k, n - k, leaf))
}

/** Checks a receipt (c2sp.org/tlog-proof) of a leaf. Answers its place and its signed head. Throws when it proves nothing. */
export async function checkReceipt(
  text: string,
  leaf: string,
  vkey: string,
): Promise<{ index: number; head: SignedHead }> {
  const end = text.indexOf('\n\n')
  const [first, place = '', ...path] = text.slice(0, end).split('\n')
  if (end < 0 || first !== 'c2sp.org/tlog-proof@v1') refuse('no receipt')
  const [, digits = ''] = /^index (0|[1-9]\d*)$/.exec(place) ?? refuse('no index')
  if (path.some((hash) => bytesOf(hash).length !== 32)) refuse('no hash')
  const head = await checkpointHead(text.slice(end + 2), vkey)
  const index = Number(digits)
  if (index >= head.size) refuse('the tree has no such leaf')
  const root = await rootByPath(path.map(bytesOf), index, head.size, await naiveLeafHash(encoder.encode(leaf)))
  return same(root, head.root) ? { index, head } : refuse('the path leads to another root')
}

/** The roots of D[m] and D[n] that PROOF(m, D[n]) leads to; `whole`: the subtree at hand is D[m] itself. */
async function rootsByProof(
  proof: Uint8Array[],
  m: number,
  n: number,
  whole: Uint8Array | null,
): Promise<[older: Uint8Array, newer: Uint8Array]> {
  if (m === n) {
    const [only, ...more] = whole ? [whole, ...proof] : proof
    return only && more.length === 0 ? [only, only] : refuse('the proof has a wrong length')
  }
  const last = proof.at(-1) ?? refuse('the proof is too short')
  const k = splitOf(n)
  const rest = proof.slice(0, -1)
  if (m <= k) {
    const [older, newer] = await rootsByProof(rest, m, k, whole)
    return [older, await node(newer, last)]
  }
  const [older, newer] = await rootsByProof(rest, m - k, n - k, null)
  return [await node(last, older), await node(last, newer)]
}

/** Whether the tree of the newer head begins with that of the older one. */
export async function isContinued(older: SignedHead, newer: SignedHead, proof: string[]): Promise<boolean> {
  if (older.size === 0) return proof.length === 0
  try {
    const [a, b] = await rootsByProof(proof.map(bytesOf), older.size, newer.size, older.root)
    return same(a, older.root) && same(b, newer.root)
  } catch (error) {
    if (error instanceof Unproved) return false
    throw error
  }
}
