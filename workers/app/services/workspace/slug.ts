const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const MAX_WORDS = 40

/** A slug out of a name, with a random ending: it is nobody's, and no reserved word. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_WORDS)
    .replaceAll(/^-+|-+$/g, '')
  const ending = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => LETTERS.charAt(byte % LETTERS.length))
  return `${/^(?:|xn|candor)(?:-|$)/.test(words) ? 'workspace' : words}-${ending.join('')}`
}
