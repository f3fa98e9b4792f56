import { env } from 'cloudflare:workers'
import { encodeBase64 } from '@oslojs/encoding'
import type { Env } from '../../workers/app/bindings.ts'
import { ask } from './candor.ts'

/** A number as DER has it: no leading zeros, and one before a first bit that would be a sign. */
function derInteger(bytes: Uint8Array): number[] {
  const start = bytes.findIndex((byte) => byte !== 0)
  const digits = [...bytes.slice(start)]
  const value = (digits[0] ?? 0) > 127 ? [0, ...digits] : digits
  return [0x02, value.length, ...value]
}

/** A signature of WebCrypto, which is r and s one after the other, in DER. */
export function derOf(raw: Uint8Array): Uint8Array {
  const numbers = [...derInteger(raw.slice(0, 32)), ...derInteger(raw.slice(32))]
  return Uint8Array.from([0x30, numbers.length, ...numbers])
}

export const pemOf = (spki: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${encodeBase64(spki).replaceAll(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`

const bytesOf = (text: string) => new Uint8Array(new TextEncoder().encode(text))

/** Somebody who finds keys in public, with a key of their own, and the setting that lets them in. */
export async function newScanner(id = crypto.randomUUID()) {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const spki = new Uint8Array((await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer)
  const published = { key_identifier: id, key: pemOf(spki), is_current: true }
  const sign = async (body: string) => {
    const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytesOf(body))
    return encodeBase64(derOf(new Uint8Array(raw)))
  }
  return { id, published, sign }
}
export type Scanner = Awaited<ReturnType<typeof newScanner>>

export const letIn = (...scanners: Scanner[]): Pick<Env, 'SECRET_SCANNING_KEYS'> => ({
  SECRET_SCANNING_KEYS: JSON.stringify({ public_keys: scanners.map(({ published }) => published) }),
})

export const TYPE = 'candor_api_key'
export const URL_OF_LEAK = 'https://code.test/acme/shop/blob/0123/deploy.sh'
export const matchOf = (token: string, rest: object = {}) => ({
  ...{ token, type: TYPE, url: URL_OF_LEAK, source: 'commit' },
  ...rest,
})

/** A report as the scanner sends it; `bindings` are those of the deployment it comes to. */
export async function report(
  scanner: Scanner,
  matches: unknown,
  bindings: Env = { ...env, ...letIn(scanner) },
  headers: Record<string, string> = {},
) {
  const body = typeof matches === 'string' ? matches : JSON.stringify(matches)
  const signed = {
    'github-public-key-identifier': scanner.id,
    'github-public-key-signature': await scanner.sign(body),
  }
  return ask('POST', '/secret-scanning', { body, headers: { ...signed, ...headers }, env: bindings })
}
