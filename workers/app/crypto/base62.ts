const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A number in base 62, with leading zeros up to a length. */
export function encodeBase62(value: bigint, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) {
    text = ALPHABET.charAt(Number(value % 62n)) + text
    value /= 62n
  }
  return text
}

/** The number of a base 62 text; every character has to be of the alphabet. */
export function decodeBase62(text: string): bigint {
  let value = 0n
  for (const character of text) value = value * 62n + BigInt(ALPHABET.indexOf(character))
  return value
}

/** CRC-32 (ISO-HDLC) of a text, in six base 62 characters: the checksum of GitHub's token format. */
export function checksum(text: string): string {
  let crc = 0xffffffff
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return encodeBase62(BigInt((crc ^ 0xffffffff) >>> 0), 6)
}
