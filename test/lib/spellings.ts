import { hex } from './rfc6962.ts'

/**
 * A secret that nobody else has: random, of letters and digits only, so that no way of escaping a text changes it. Its 40
 * characters are the base64 of 30 bytes as well.
 */
export const canary = () => `canary${hex(crypto.getRandomValues(new Uint8Array(17)))}`

const binary = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

/** What is constant of a text's base64, wherever in a longer text it stands: three alignments, their edges cut off. */
const base64Of = (text: string) =>
  [0, 1, 2].map((shift) => btoa('\0'.repeat(shift) + binary(text)).slice(shift === 0 ? 0 : 4, -4))

async function digestsOf(text: string): Promise<string[]> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [hex(bytes), btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')]
}

const percent = (text: string) => [...new TextEncoder().encode(text)].map((byte) => `%${hex([byte])}`).join('')

/** How a text might stand somewhere: as it is, escaped, encoded. In lower case: search in lower case. */
export function spellingsOf(text: string): string[] {
  const escaped = [text, JSON.stringify(text).slice(1, -1), JSON.stringify(JSON.stringify(text)).slice(3, -3)]
  const encoded = [encodeURIComponent(text), percent(text), hex(new TextEncoder().encode(text)), ...base64Of(text)]
  const url = base64Of(text).map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([...escaped, ...encoded, ...url].map((spelling) => spelling.toLowerCase()))]
}

/** Unkeyed hashes: whoever reads one can try guesses at what was hashed. */
export const guessable = async (...texts: string[]) =>
  (await Promise.all(texts.map(digestsOf))).flat().map((digest) => digest.toLowerCase())

/** Everything of a value as text to be searched: bytes as text, as hexadecimal and as base64. */
export function searchable(value: unknown): string {
  if (typeof value === 'string') return value.toLowerCase()
  if (value instanceof ArrayBuffer) return searchable(new Uint8Array(value))
  const isBytes = value instanceof Uint8Array || (Array.isArray(value) && value.every((part) => Number.isInteger(part)))
  if (isBytes) {
    const text = String.fromCharCode(...(value as Iterable<number>))
    return `${text} ${hex(value as Iterable<number>)} ${btoa(text)}`.toLowerCase()
  }
  if (value instanceof Map || Array.isArray(value)) return [...value].map(searchable).join('\n')
  if (typeof value === 'object' && value !== null) return Object.entries(value).flat().map(searchable).join('\n')
  return String(value).toLowerCase()
}
