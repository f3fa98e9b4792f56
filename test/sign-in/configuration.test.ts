import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { configOf } from '../../workers/app/bindings.ts'
import { deployed } from '../lib/deployment.ts'
import { configured } from './providers.ts'

const start = (...providers: object[]) => configOf(deployed({ IDENTITY_PROVIDERS: JSON.stringify(providers) }))
const { authorizeUrl: _a, tokenUrl: _t, jwksUrl: _j, ...DISCOVERED } = configured('google')

describe('a deployment', () => {
  test('takes an OpenID provider by its issuer alone', () => {
    expect(start(DISCOVERED).providers).toEqual([DISCOVERED])
  })

  test('takes a GitHub Enterprise by its addresses', () => {
    const host = 'https://github.example.com'
    const api = { userUrl: `${host}/api/v3/user`, emailsUrl: `${host}/api/v3/user/emails` }
    const login = `${host}/login/oauth`
    const sign = { issuer: login, authorizeUrl: `${login}/authorize`, tokenUrl: `${login}/access_token` }
    expect(start({ ...configured('github'), ...sign, ...api }).providers).toMatchObject([{ ...sign, ...api }])
  })

  test.each(['authorizeUrl', 'tokenUrl', 'userUrl', 'emailsUrl'])(
    'does not start with a GitHub that has no %s, and names it',
    (field) => {
      const right = configured('github')
      expect(() => start({ ...right, [field]: undefined })).toThrow(`IDENTITY_PROVIDERS is not complete (0.${field})`)
    },
  )

  test.each(['authorizeUrl', 'tokenUrl', 'jwksUrl'])(
    'does not start with an OpenID provider that lacks its %s alone, and names it',
    (field) => {
      const right = configured('google')
      expect(() => start({ ...right, [field]: undefined })).toThrow(`IDENTITY_PROVIDERS is not complete (0.${field})`)
    },
  )

  test.each(['issuer', 'http://127.0.0.1:9000', 'http://accounts.example'])(
    'does not start with nothing but the issuer %s',
    (issuer) => {
      expect(() => start({ ...DISCOVERED, issuer })).toThrow('IDENTITY_PROVIDERS')
    },
  )

  test('does not start with two providers of one id', () => {
    expect(() => start(configured('google'), configured('google'))).toThrow('IDENTITY_PROVIDERS has an id twice')
  })

  test('of one machine takes an issuer on plain http, on loopback only', () => {
    const local = (issuer: string) =>
      configOf({ ...env, IDENTITY_PROVIDERS: JSON.stringify([{ ...DISCOVERED, issuer }]) })
    expect(local('http://localhost:9000').providers).toHaveLength(1)
    expect(() => local('http://accounts.example')).toThrow('IDENTITY_PROVIDERS has to begin with https://')
  })
})
