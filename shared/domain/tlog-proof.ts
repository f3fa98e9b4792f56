import { fromBase64, toBase64 } from './base64.ts'

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** An audit path of a tree that has fewer than 2^63 leaves. */
const MAX_PATH = 63
const encoder = new TextEncoder()

/** A receipt (c2sp.org/tlog-proof) whose leaf travels with it, as its extra data. */
export interface LeafProof {
  /** The leaf, as text. */
  leaf: string
  index: number
  /** From the leaf's sibling up. */
  path: Uint8Array[]
  /** The signed head of the log, as it is. */
  checkpoint: string
}

export function formatLeafProof({ leaf, index, path, checkpoint }: LeafProof): string {
  const lines = [FIRST_LINE, `extra ${toBase64(encoder.encode(leaf))}`, `index ${index}`, ...path.map(toBase64), '']
  return `${lines.join('\n')}\n${checkpoint}`
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Takes a receipt apart, without verifying it; null for what is none, or brings no leaf. */
export function parseLeafProof(text: string): LeafProof | null {
  const end = text.indexOf('\n\n')
  const [first, extra = '', place = '', ...hashes] = text.slice(0, Math.max(end, 0)).split('\n')
  const bytes = extra.startsWith('extra ') ? fromBase64(extra.slice('extra '.length)) : null
  const leaf = bytes && textOf(bytes)
  const [, index] = /^index (0|[1-9]\d{0,15})$/.exec(place) ?? []
  const path = hashes.map(fromBase64)
  if (first !== FIRST_LINE || leaf === null || index === undefined || path.length > MAX_PATH) return null
  const whole = path.filter((hash) => hash !== null && hash.length === 32) as Uint8Array[]
  return whole.length === path.length
    ? { leaf, index: Number(index), path: whole, checkpoint: text.slice(end + 2) }
    : null
}
