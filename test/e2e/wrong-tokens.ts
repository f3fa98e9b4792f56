import { randomBytes } from 'node:crypto'
import type { Change, Json } from './openid-servers.ts'

export const without =
  (name: string) =>
  ({ [name]: _, ...rest }: Json) =>
    rest
const seconds = () => Math.floor(Date.now() / 1000)

/** Tokens that Candor must not believe, each with what is changed in a right one. */
export const WRONG_TOKENS: [string, Change][] = [
  ['of another issuer', { claims: (right) => ({ ...right, iss: 'https://evil.test' }) }],
  ['of no issuer', { claims: without('iss') }],
  ['for another client', { claims: (right) => ({ ...right, aud: 'other' }) }],
  ['for no client', { claims: without('aud') }],
  ['for several clients, without saying for which', { claims: (right) => ({ ...right, aud: [right.aud, 'other'] }) }],
  ['made for another client', { claims: (right) => ({ ...right, azp: 'other' }) }],
  ['with another nonce', { claims: (right) => ({ ...right, nonce: 'x'.repeat(43) }) }],
  ['without a nonce', { claims: without('nonce') }],
  ['that has expired', { claims: (right) => ({ ...right, exp: seconds() - 60 }) }],
  ['that never expires', { claims: without('exp') }],
  ['about nobody', { claims: without('sub') }],
  ['about nobody, in an empty word', { claims: (right) => ({ ...right, sub: '' }) }],
  ['that needs no signature', { header: (right) => ({ ...right, alg: 'none' }), signature: '' }],
  ['that says so, and is signed', { header: (right) => ({ ...right, alg: 'none' }) }],
  ['without a signature', { signature: '' }],
  ['with a signature of garbage', { signature: randomBytes(256).toString('base64url') }],
  ['signed with an unknown key', { header: (right) => ({ ...right, kid: 'unknown' }) }],
]

/** Answers of the token endpoint that Candor must not believe. */
export const WRONG_ANSWERS: [string, Change][] = [
  ['an error with 200', { body: () => ({ error: 'invalid_grant' }) }],
  ['no id_token', { body: without('id_token') }],
  ['no access token', { body: without('access_token') }],
]
