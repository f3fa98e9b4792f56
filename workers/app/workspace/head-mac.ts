import type { Head } from './head.ts'

const HMAC = { name: 'HMAC', hash: 'SHA-256' }
const KEY = 'headKey'
/** What is authenticated, and its version: nothing else is ever signed under this key. */
const LABEL = new TextEncoder().encode('candor/head/1\n')

function messageOf({ size, range }: Head): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(LABEL.length + 8 + range.length)
  message.set(LABEL)
  new DataView(message.buffer).setBigUint64(LABEL.length, BigInt(size))
  message.set(range, LABEL.length + 8)
  return message
}

/**
 * HMAC-SHA-256 (RFC 2104) of the heads that an object has sent to D1, under a random key that is in its own storage and
 * nowhere else: who can write to D1 cannot make one. It says "I wrote this" to the same object after a crash, and nothing
 * to anybody else; what others check is the signed checkpoint.
 */
export function makeHeadMac(storage: DurableObjectStorage) {
  let key: Promise<CryptoKey> | null = null

  /** The platform holds a batch back until a key that was just made is on disk (the output gate). */
  function stored(): Uint8Array {
    const known = storage.kv.get<Uint8Array>(KEY)
    if (known) return known
    const made = crypto.getRandomValues(new Uint8Array(32))
    storage.kv.put(KEY, made)
    return made
  }

  function theKey(): Promise<CryptoKey> {
    key ??= crypto.subtle.importKey('raw', stored().slice(), HMAC, false, ['sign', 'verify'])
    return key
  }

  return {
    of: async (head: Head): Promise<Uint8Array> =>
      new Uint8Array(await crypto.subtle.sign(HMAC, await theKey(), messageOf(head))),

    fits: async (head: Head, mac: Uint8Array | null): Promise<boolean> =>
      mac !== null && crypto.subtle.verify(HMAC, await theKey(), mac.slice(), messageOf(head)),

    forget(): void {
      key = null
    },
  }
}
