import { env } from 'cloudflare:workers'
import { encodeBase64 } from '@oslojs/encoding'
import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { canMail, configOf, type Env } from '../../workers/app/bindings.ts'
import { newPerson, type Person } from '../lib/candor.ts'
import { askAt, DEPLOYED, deployed, PUBLIC, STATUS } from '../lib/deployment.ts'
import { newKey } from '../lib/keys.ts'
import { API_ROUTES, DASHBOARD_ROUTES, OTHER_ROUTES, pathTo } from '../lib/routes.ts'
import { untouchable } from '../lib/untouchable.ts'
import { newWorld } from '../lib/world.ts'

const HSTS = 'max-age=63072000; includeSubDomains; preload'
const placeholder = encodeBase64(new Uint8Array(32).fill(0x61))
const short = () => newKey().slice(0, 20)

const replaced = (json: string, fields: Record<string, unknown>) =>
  JSON.stringify(JSON.parse(json).map((row: object) => ({ ...row, ...fields })))

/** The key of a public witness. */
const WITNESS = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'
const BY_RESEND = { MAIL_DRIVER: 'resend', MAIL_FROM: 'candor@candor.example', RESEND_API_KEY: `re_${newKey()}` }

/** Configurations with which Candor does not start, each with the name that it has to say. */
const REFUSED: { name: string; what: string; vars: Partial<Env> }[] = [
  ...Object.entries({
    CANDOR_KEYRING: {
      placeholder: replaced(env.CANDOR_KEYRING, { key: placeholder }),
      short: replaced(env.CANDOR_KEYRING, { key: short() }),
    },
    API_KEY_RING: {
      placeholder: replaced(env.API_KEY_RING, { key: placeholder }),
      short: replaced(env.API_KEY_RING, { key: short() }),
    },
    SIGN_IN_KEY: { placeholder, short: short() },
  }).flatMap(([name, values]) =>
    Object.entries({ missing: undefined, empty: '', ...values }).map(([what, value]) => ({
      name,
      what,
      vars: { [name]: value },
    })),
  ),
  ...['', 'null', '[]', '[{}]', '{'].map((value) => ({
    name: 'IDENTITY_PROVIDERS',
    what: value || 'empty',
    vars: { IDENTITY_PROVIDERS: value },
  })),
  ...['authorizeUrl', 'tokenUrl', 'userUrl', 'emailsUrl', 'jwksUrl'].map((field) => ({
    name: 'IDENTITY_PROVIDERS',
    what: `${field} on plain http`,
    vars: { IDENTITY_PROVIDERS: replaced(env.IDENTITY_PROVIDERS, { [field]: 'http://127.0.0.1:9000/x' }) },
  })),
  ...['', 'candor.example', 'http://candor.example', 'http://localhost:8787'].flatMap((value) => [
    { name: 'PUBLIC_URL', what: value || 'empty', vars: { PUBLIC_URL: value } },
    ...(value ? [{ name: 'STATUS_URL', what: value, vars: { STATUS_URL: value } }] : []),
  ]),
  ...['', PUBLIC, `${PUBLIC}/status`, `${PUBLIC}:8443`].map((value) => ({
    name: 'STATUS_URL',
    what: `${value || 'empty'}, which is where people sign in`,
    vars: { STATUS_URL: value },
  })),
  ...['', 'us', 'EU'].map((value) => ({ name: 'JURISDICTION', what: value || 'empty', vars: { JURISDICTION: value } })),
  ...['', 'gold'].map((value) => ({ name: 'DEFAULT_PLAN', what: value || 'empty', vars: { DEFAULT_PLAN: value } })),
  ...[
    { name: 'WITNESS_URL', what: 'missing', vars: { WITNESS_VKEY: WITNESS } },
    { name: 'WITNESS_URL', what: 'plain http', vars: { WITNESS_VKEY: WITNESS, WITNESS_URL: 'http://witness.example' } },
    {
      name: 'WITNESS_URL',
      what: 'of this machine',
      vars: { WITNESS_VKEY: WITNESS, WITNESS_URL: 'http://localhost:1' },
    },
    ...['https://a:b@witness.example', 'https://witness.example?a=b', 'https://witness.example#a'].map((value) => ({
      name: 'WITNESS_URL',
      what: value,
      vars: { WITNESS_VKEY: WITNESS, WITNESS_URL: value },
    })),
    ...['', 'witness.example', WITNESS.replace('da77', 'da78'), WITNESS.replace('+BO', '+AO')].map((value) => ({
      name: 'WITNESS_VKEY',
      what: value || 'missing',
      vars: { WITNESS_VKEY: value, WITNESS_URL: 'https://witness.example' },
    })),
  ],
  ...['', 'smtp', 'Resend', 'local'].map((value) => ({
    name: 'MAIL_DRIVER',
    what: value || 'empty',
    vars: { MAIL_DRIVER: value },
  })),
  { name: 'MAIL_DRIVER', what: 'missing', vars: { MAIL_DRIVER: undefined as never } },
  {
    name: 'MAIL_DRIVER',
    what: 'cloudflare without its binding',
    vars: { MAIL_DRIVER: 'cloudflare', EMAIL: undefined },
  },
  { name: 'MAIL_DRIVER', what: 'any, beside a mailbox', vars: { MAIL_DRIVER: 'none', MAILBOX: env.MAILBOX } },
  ...[
    '',
    'candor',
    'a@b, c@d',
    'Candor <candor@candor.example',
    'Candor candor@candor.example',
    'a\r\nBcc: x@y <a@b>',
  ].map((value) => ({ name: 'MAIL_FROM', what: value || 'empty', vars: { ...BY_RESEND, MAIL_FROM: value } })),
  ...['', undefined, 're_short', 're_xxxxxxxxxxxxxxxxxxxx', `re ${newKey()}`].map((value) => ({
    name: 'RESEND_API_KEY',
    what: value || 'missing',
    vars: { ...BY_RESEND, RESEND_API_KEY: value },
  })),
  ...['api.resend.com', 'http://api.resend.com', 'http://127.0.0.1:1'].map((value) => ({
    name: 'RESEND_URL',
    what: value,
    vars: { ...BY_RESEND, RESEND_URL: value },
  })),
  ...['', 'security@candor.example', 'http://candor.example/security'].map((value) => ({
    name: 'SECURITY_CONTACT',
    what: value || 'empty',
    vars: { SECURITY_CONTACT: value },
  })),
]

describe('a deployment', () => {
  test('starts with a whole configuration', async () => {
    expect(configOf(deployed())).toMatchObject({ production: true, publicUrl: PUBLIC, statusUrl: STATUS })
    expect((await askAt(`${PUBLIC}/health`)).status).toBe(200)
  })

  test.each(REFUSED)(
    'answers nothing when $name is wrong ($what), and says so by name without the value',
    async ({ name, vars }) => {
      const { env: broken, touches } = untouchable({ ...DEPLOYED, ...vars })
      const api = await askAt(`${PUBLIC}/v1/monitors`, {}, broken)
      const page = await askAt(`${PUBLIC}/`, {}, broken)
      const problem: { code: string; detail: string } = await api.json()
      expect([api.status, page.status, problem.code, touches]).toEqual([500, 500, 'internal', []])
      expect(problem.detail.startsWith(name)).toBe(true)
      expect(problem.detail).toContain('Candor does not start without it: see docs/self-hosting.md.')
      for (const value of Object.values(vars))
        for (const [word] of String(value).matchAll(/[A-Za-z0-9+/]{20,}/g)) expect(problem.detail).not.toContain(word)
      expect(api.headers.get('x-content-type-options')).toBe('nosniff')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  test.each([
    ['none', { MAIL_DRIVER: 'none', MAIL_FROM: '' }, false],
    ['the platform', { MAIL_DRIVER: 'cloudflare', MAIL_FROM: 'Candor <candor@candor.example>' }, true],
    ['Resend', BY_RESEND, true],
  ])('starts with mail by %s', (_what, vars, can) => {
    expect(canMail(configOf(deployed(vars)))).toBe(can)
  })

  test('has no mailbox: nothing is at its address', async () => {
    for (const path of ['/mail', '/mail/', '/mail/out_00000000001', '/mail/out_00000000001/html']) {
      const { env: broken, touches } = untouchable(DEPLOYED)
      const [here, there] = [await askAt(PUBLIC + path, {}, broken), await askAt(STATUS + path, {}, broken)]
      expect([here.status, there.status, touches]).toEqual([404, 404, []])
    }
  })

  test('is what everything is that is not said to be a local machine', () => {
    for (const DEPLOYMENT of ['', 'Local', 'dev', 'production', 'local ']) {
      expect(configOf(deployed({ DEPLOYMENT })).production).toBe(true)
      expect(() => configOf(deployed({ DEPLOYMENT, PUBLIC_URL: 'http://localhost:8787' }))).toThrow('https://')
    }
  })

  test('of any kind reaches plain http only on its own machine', () => {
    const local = (vars: Partial<Env>) => configOf({ ...env, ...vars })
    for (const host of ['localhost:1', '127.0.0.1:1', '[::1]:1'])
      expect(local({ PUBLIC_URL: `http://${host}` }).publicUrl).toBe(`http://${host}`)
    const tokenUrl = 'http://candor.example/token'
    expect(() => local({ PUBLIC_URL: 'http://candor.example' })).toThrow('PUBLIC_URL has to begin with https://')
    expect(() => local({ IDENTITY_PROVIDERS: replaced(env.IDENTITY_PROVIDERS, { tokenUrl }) })).toThrow(
      'IDENTITY_PROVIDERS',
    )
  })
})

const ALL = [...API_ROUTES, ...OTHER_ROUTES]

describe('in production', () => {
  let person: Person
  beforeAll(async () => {
    person = await newPerson()
  })

  test.each(ALL)(
    'plain http is sent to https before anything is looked at: $method $path',
    async ({ method, path }) => {
      const { env: broken, touches } = untouchable(DEPLOYED)
      const at = `${pathTo(path, newId('monitor'))}?a=1&b=%2F`
      const headers = { authorization: 'Bearer x' }
      const response = await askAt(`http://candor.example${at}`, { method, headers }, broken)
      expect([response.status, response.headers.get('location'), touches]).toEqual([308, `${PUBLIC}${at}`, []])
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  test('every answer says that only https is to be used, for two years; on a local machine none does', async () => {
    const paths = ['/', '/nothing', '/sign-in', '/monitors', '/v1/monitors', '/v1/nothing', '/.well-known/security.txt']
    for (const path of paths) {
      const response = await askAt(PUBLIC + path)
      expect(response.headers.get('strict-transport-security')).toBe(HSTS)
      const local = await askAt(`http://localhost:8787${path}`, {}, env)
      expect(local.headers.get('strict-transport-security')).toBeNull()
    }
    expect((await askAt(`${STATUS}/s/nobody`)).headers.get('strict-transport-security')).toBe(HSTS)
  })

  test('a status page is shown on the host for status pages only', async () => {
    const { slug } = await newWorld()
    expect((await askAt(`${STATUS}/s/${slug}`)).status).toBe(200)
    for (const origin of [PUBLIC, 'https://candor.workers.example', `${STATUS}:8443`]) {
      const { env: broken, touches } = untouchable(DEPLOYED)
      const response = await askAt(`${origin}/s/${slug}`, {}, broken)
      expect([response.status, touches]).toEqual([404, []])
    }
  })

  const closed = ALL.filter(
    ({ method, path }) =>
      path.startsWith('/v1') ||
      path.startsWith('/sign') ||
      DASHBOARD_ROUTES.some((route) => route.method === method && route.path === path),
  )

  test.each(closed)(
    'the host for status pages has no $method $path, even for somebody who is signed in',
    async ({ method, path }) => {
      const { env: broken, touches } = untouchable(DEPLOYED)
      const headers = { cookie: person.cookie, 'sec-fetch-site': 'same-origin' }
      const response = await askAt(STATUS + pathTo(path, newId('monitor')), { method, headers }, broken)
      expect([response.status, touches]).toEqual([404, []])
      expect(response.headers.get('set-cookie')).toBeNull()
    },
  )
})
