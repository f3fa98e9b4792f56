import { decodeHex, encodeHexLowerCase } from '@oslojs/encoding'
import { expect, test } from 'vitest'
import { checksum } from '../../workers/app/crypto/base62.ts'
import { hkdf, utf8 } from '../../workers/app/crypto/bytes.ts'
import { signWebhook } from '../../workers/app/crypto/signature.ts'
import { xaesOpen, xaesSeal } from '../../workers/app/crypto/xaes.ts'
import { authorizeUrl } from '../../workers/app/edge/sign-in/provider.ts'
import { newKey } from '../lib/keys.ts'

// Known answers that others published, through the functions that the product uses.

const bytes = (length: number, first: number, step = 0) => Uint8Array.from({ length }, (_, i) => first + i * step)

/** c2sp.org/XAES-256-GCM, "Test vectors". */
const XAES = [
  {
    key: bytes(32, 1),
    aad: '',
    sealed: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271',
  },
  {
    key: bytes(32, 3),
    aad: 'c2sp.org/XAES-256-GCM',
    sealed: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d',
  },
]

test.each(XAES)('XAES-256-GCM seals and opens what its specification says, with the data "$aad"', async (vector) => {
  const nonce = utf8('ABCDEFGHIJKLMNOPQRSTUVWX')
  const text = utf8('XAES-256-GCM')
  const aad = utf8(vector.aad)
  expect(encodeHexLowerCase(await xaesSeal(vector.key, nonce, text, aad))).toBe(vector.sealed)
  expect(await xaesOpen(vector.key, nonce, decodeHex(vector.sealed), aad)).toEqual(text)
})

/** RFC 5869, appendix A: the first 32 bytes of the output do not depend on how many are asked for. */
const HKDF = [
  {
    name: 'basic',
    key: bytes(22, 0x0b),
    salt: bytes(13, 0, 1),
    info: bytes(10, 0xf0, 1),
    okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf',
  },
  {
    name: 'longer inputs',
    key: bytes(80, 0, 1),
    salt: bytes(80, 0x60, 1),
    info: bytes(80, 0xb0, 1),
    okm: 'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c',
  },
  {
    name: 'no salt and no info',
    key: bytes(22, 0x0b),
    salt: bytes(0, 0),
    info: bytes(0, 0),
    okm: '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d',
  },
]

test.each(HKDF)('keys are derived as RFC 5869 has it: $name', async ({ key, salt, info, okm }) => {
  expect(encodeHexLowerCase(await hkdf(key, salt, info))).toBe(okm)
})

test('a webhook is signed as the example of Standard Webhooks is', async () => {
  const signature = await signWebhook({
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestampSeconds: 1614265330,
    body: '{"test": 2432232314}',
    secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  })
  expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test("the checksum of an API key is the one of GitHub's tokens", () => {
  expect(checksum('zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ')).toBe('0mLq17')
})

test('a sign-in sends the PKCE challenge of RFC 7636, appendix B', async () => {
  const provider = {
    id: 'test',
    kind: 'oidc' as const,
    name: 'Test',
    clientId: 'client',
    clientSecret: newKey(),
    issuer: 'https://issuer.test',
  }
  const server = {
    issuer: provider.issuer,
    authorization_endpoint: 'https://issuer.test/authorize',
    token_endpoint: 'https://issuer.test/token',
  }
  const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  const attempt = { redirectUri: 'https://candor.test/callback', state: 'state', nonce: 'nonce', codeVerifier }
  const { searchParams } = new URL(await authorizeUrl(provider, server, attempt, false))
  expect(searchParams.get('code_challenge')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  expect(searchParams.get('code_challenge_method')).toBe('S256')
  expect([...searchParams.values()]).not.toContain(codeVerifier)
})
