import { env } from 'cloudflare:workers'
import { encodeBase64 } from '@oslojs/encoding'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { configOf } from '../../workers/app/bindings.ts'
import { parseApiKeyRing } from '../../workers/app/crypto/keyring.ts'
import { issueApiKey, tokenHash } from '../../workers/app/crypto/token.ts'
import { newMember } from '../lib/audit.ts'
import { ask, MONITOR, newApiKey, newPerson, newWorkspaceId, type Person } from '../lib/candor.ts'
import { dump, pastTheGates, statement } from '../lib/database.ts'
import { deployed } from '../lib/deployment.ts'
import { messageOf, newKey } from '../lib/keys.ts'
import { readLog, soundLog } from '../lib/log.ts'
import { letIn, matchOf, newScanner, pemOf, report, type Scanner, TYPE, URL_OF_LEAK } from '../lib/secret-scanner.ts'
import { untouchable } from '../lib/untouchable.ts'
import { bySystem, made } from '../lib/world.ts'

let scanner: Scanner
let ada: Person
beforeAll(async () => {
  scanner = await newScanner()
})
beforeEach(async () => {
  ada = await newPerson()
  vi.spyOn(console, 'log').mockReturnValue()
})

const works = async (token: string) => (await ask('GET', '/v1/workspace', { as: token })).status === 200
const verdict = (token: string, label: string) => ({ token_raw: token, token_type: TYPE, label })
const [real, none] = ['true_positive', 'false_positive']
const lastOf = async ({ workspaceId }: Person) => ((await soundLog(workspaceId)).at(-1) ?? expect.unreachable()).leaf

/** A key of the right form that somebody has signed with a ring of their own. */
async function forged(keyId: string): Promise<string> {
  const { active } = configOf(env).apiKeyRing
  const ring = parseApiKeyRing(JSON.stringify([{ id: active.id, key: newKey(), state: 'active' }]))
  return (await issueApiKey(ring, { workspaceId: ada.workspaceId, keyId, scope: 'write', expiresAt: null })).token
}

/** A key that somebody has signed who has stolen the ring, and nothing else. */
const stolen = async (workspaceId: string, keyId: string) =>
  (await issueApiKey(configOf(env).apiKeyRing, { workspaceId, keyId, scope: 'write', expiresAt: null })).token

describe('a report of a key that was found in public', () => {
  test('is answered with what was found, and the key is refused from then on, by a hundred at once', async () => {
    const key = await newApiKey(ada)
    const answer = await report(scanner, [matchOf(key.token)])
    expect([answer.status, answer.body]).toEqual([200, [verdict(key.token, real)]])
    expect(answer.headers.get('content-type')).toContain('application/json')
    const ask100 = Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0
        ? ask('GET', '/v1/monitors', { as: key.token })
        : ask('POST', '/v1/monitors', { as: key.token, body: MONITOR }),
    )
    expect((await Promise.all(ask100)).map(({ status }) => status)).toEqual(Array(100).fill(401))
  })

  test('is an entry by Candor that says why and where, and has no token and no hash', async () => {
    const key = await newApiKey(ada)
    const before = (await ask('GET', `/v1/api-keys/${key.id}`, { as: ada })).body
    const { headers } = await report(scanner, [matchOf(key.token)])
    const leak = { reason: 'secret_scanning', url: URL_OF_LEAK, source: 'commit' }
    const after = { ...before, revokedAt: expect.any(String), leak }
    const leaf = await lastOf(ada)
    expect(leaf).toMatchObject({
      action: 'api_key.revoke_leaked',
      surface: 'system',
      actor: { type: 'system', id: 'secret_scanning' },
      user: null,
      auth: 'system',
      requestId: headers.get('x-request-id'),
      entity: { type: 'api_key', id: key.id },
      before,
      after,
      changed: ['leak', 'revokedAt'],
      outcome: 'ok',
    })
    expect((await ask('GET', `/v1/api-keys/${key.id}`, { as: ada })).body).toEqual(after)
    expect(JSON.stringify(leaf)).not.toMatch(/cdr_|[0-9a-f]{64}/)
    expect((await ask('GET', '/api-keys', { as: ada })).text).toContain(`href="${URL_OF_LEAK}"`)
  })

  test('that comes again is answered alike, and is no second entry', async () => {
    const key = await newApiKey(ada)
    const matches = [matchOf(key.token), matchOf(key.token, { url: 'https://code.test/elsewhere' })]
    const first = await report(scanner, matches)
    const entries = (await readLog(ada.workspaceId)).length
    const again = await Promise.all([report(scanner, matches), report(scanner, matches)])
    for (const { status, body } of [first, ...again])
      expect([status, body]).toEqual([200, [verdict(key.token, real), verdict(key.token, real)]])
    expect(await readLog(ada.workspaceId)).toHaveLength(entries)
    expect((await lastOf(ada)).after).toMatchObject({ leak: { url: URL_OF_LEAK } })
  })

  test('that comes many times at once is one entry', async () => {
    const key = await newApiKey(ada)
    const entries = (await readLog(ada.workspaceId)).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(scanner, [matchOf(key.token)])))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(await readLog(ada.workspaceId)).toHaveLength(entries + 1)
  })

  test('judges each of many, and revokes those that are real, in every workspace', async () => {
    const bob = await newPerson('Bob')
    const keys = [await newApiKey(ada, 'read'), await newApiKey(bob), await newApiKey(ada, 'write', null)]
    const other = await newApiKey(ada)
    const wrong = [await forged(keys[0]?.id ?? ''), `${keys[1]?.token.slice(0, -1)}_`, 'no key of ours', '']
    const tokens = [...keys.map(({ token }) => token), ...wrong]
    const { body } = await report(
      scanner,
      tokens.map((token) => matchOf(token)),
    )
    expect(body).toEqual(tokens.map((token, i) => verdict(token, i < keys.length ? real : none)))
    expect(await Promise.all(keys.map(({ token }) => works(token)))).toEqual([false, false, false])
    expect(await works(other.token)).toBe(true)
  })

  test('says the same of a key that has ended, was revoked by hand, or replaced, and notes what is new', async () => {
    const ended = await newApiKey(ada, 'write', 1)
    await pastTheGates([statement('UPDATE api_key SET expires_at = ? WHERE id = ?', Date.now() - 1, ended.id)])
    const [revoked, rolled] = [await newApiKey(ada), await newApiKey(ada)]
    await made(ada, 'api_key.revoke', { id: revoked.id })
    await made(ada, 'api_key.roll', { id: rolled.id, overlapHours: 72 })
    const tokens = [ended, revoked, rolled].map(({ token }) => token)
    const entries = (await readLog(ada.workspaceId)).length
    const { body } = await report(
      scanner,
      tokens.map((token) => matchOf(token)),
    )
    expect(body).toEqual(tokens.map((token) => verdict(token, real)))
    const noted = (await readLog(ada.workspaceId)).slice(entries).map(({ leaf }) => leaf.entity.id)
    expect(noted.toSorted()).toEqual([ended.id, rolled.id].toSorted())
    expect(await works(rolled.token)).toBe(false)
  })

  test('knows a key of the ring before while it stands there to verify, and none of a ring that is gone', async () => {
    const key = await newApiKey(ada)
    const [row] = JSON.parse(env.API_KEY_RING)
    const next = { id: row.id + 1, key: newKey(), state: 'active' }
    const under = (...rows: unknown[]) =>
      report(scanner, [matchOf(key.token)], { ...env, ...letIn(scanner), API_KEY_RING: JSON.stringify(rows) })
    expect((await under(next)).body).toEqual([verdict(key.token, none)])
    expect(await works(key.token)).toBe(true)
    expect((await under({ ...row, state: 'verify' }, next)).body).toEqual([verdict(key.token, real)])
    expect(await works(key.token)).toBe(false)
  })

  test('with a key that a thief of the ring has made revokes no other key, and wakes no workspace', async () => {
    const key = await newApiKey(ada)
    const nobody = newWorkspaceId()
    const tokens = await Promise.all([
      stolen(ada.workspaceId, key.id),
      stolen(ada.workspaceId, newId('apiKey')),
      stolen(nobody, key.id),
    ])
    const before = await dump()
    const { env: broken, touches } = untouchable({ ...letIn(scanner), DB: env.DB })
    const matches = tokens.map((token) => matchOf(token))
    const { status } = await report(scanner, matches, broken)
    expect([status, touches, await dump(), await works(key.token)]).toEqual([200, [], before, true])
    // Nor where somebody asks the workspace itself.
    const asked = { id: key.id, hash: await tokenHash(tokens[0] ?? ''), url: URL_OF_LEAK, source: 'commit' }
    expect(await bySystem(ada, 'api_key.revoke_leaked', asked)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await works(key.token)).toBe(true)
  })

  test.each([
    ['of another protocol', 'http://code.test/a', ''],
    ['of a script', 'javascript:alert(1)', ''],
    ['with an account in it', 'https://user:word@code.test/a', ''],
    ['that is empty', '', ''],
    ['that is none', 7, ''],
    ['that is too long', `https://code.test/${'a'.repeat(2048)}`, ''],
    ['that is too long when it is escaped', `https://code.test/${'\u00e9'.repeat(1000)}`, ''],
    ['with markup', 'https://code.test/"><script>', 'https://code.test/%22%3E%3Cscript%3E'],
  ])('keeps no address %s', async (_what, url, kept) => {
    const key = await newApiKey(ada)
    expect((await report(scanner, [matchOf(key.token, { url, source: 'a b' })])).status).toBe(200)
    const { leak } = (await lastOf(ada)).after as { leak: object }
    expect(leak).toEqual({ reason: 'secret_scanning', url: kept, source: 'unknown' })
  })

  test('is 503 when a workspace takes no change, so that it comes again', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const key = await newApiKey(ada)
    const log = statement(
      'UPDATE audit_log SET leaf_hash = randomblob(32), range = randomblob(32) WHERE log_id = ?',
      ada.workspaceId,
    )
    await pastTheGates([log])
    const { status, body } = await report(scanner, [matchOf(key.token)])
    expect([status, body.code, await works(key.token)]).toEqual([503, 'unavailable', true])
  })
})

describe('a report that nobody has signed whom we know', () => {
  /** DER with an r of 1 and an s of 40 bytes. */
  const TOO_LARGE = Uint8Array.from([0x30, 45, 2, 1, 1, 2, 40, ...Array(40).fill(0x7f)])
  const WORDS = 'This report is not signed by a key that is configured here, so nothing of it was read.'

  test('is refused before anything is read or looked up', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const key = await newApiKey(ada)
    const other = await newScanner()
    const body = JSON.stringify([matchOf(key.token)])
    const signature = await scanner.sign(body)
    const flipped = signature.replace(/.(?=.{20}$)/, (letter) => (letter === 'A' ? 'B' : 'A'))
    const reports: [what: string, body: string, headers: Record<string, string>][] = [
      ['by another key', body, { 'github-public-key-signature': await other.sign(body) }],
      ['under an id that is not known', body, { 'github-public-key-identifier': other.id }],
      ['under no id', body, { 'github-public-key-identifier': '' }],
      ['with no signature', body, { 'github-public-key-signature': '' }],
      ['with a changed signature', body, { 'github-public-key-signature': flipped }],
      ['with half a signature', body, { 'github-public-key-signature': signature.slice(0, 48) }],
      ['with another text', body.replace('deploy.sh', 'deploy.zh'), { 'github-public-key-signature': signature }],
      ['with white space', `${body} `, { 'github-public-key-signature': signature }],
      ['that is no JSON', '[{', { 'github-public-key-signature': signature }],
      ['that is cut', body.slice(0, -1), { 'github-public-key-signature': signature }],
      ['with a signature that is no base64', body, { 'github-public-key-signature': '%'.repeat(96) }],
      ['with numbers that are too large', body, { 'github-public-key-signature': encodeBase64(TOO_LARGE) }],
    ]
    for (const [what, sent, headers] of reports) {
      const { env: broken, touches, counted } = untouchable(letIn(scanner))
      const answer = await report(scanner, sent, broken, headers)
      expect([what, answer.status, answer.body?.detail, touches]).toEqual([what, 403, WORDS, []])
      expect([what, counted()]).toEqual([what, ['refused']])
    }
    expect(await works(key.token)).toBe(true)
  })

  test('is refused for its size before it is read, and for its length before any of it is judged', async () => {
    const { env: broken, touches } = untouchable(letIn(scanner))
    const huge = await report(scanner, [matchOf('x'.repeat(256 * 1024))], broken)
    expect([huge.status, huge.body.detail]).toEqual([413, 'A report has at most 256 KB.'])
    const key = matchOf((await newApiKey(ada)).token, { url: '' })
    const many = await report(scanner, Array(501).fill(key), broken)
    expect([many.status, many.body.detail, touches]).toEqual([422, 'A report has at most 500 matches.', []])
    expect(await works(key.token)).toBe(true)
  })

  test.each(['{', '', '{}', 'null', '[null]', '[{}]', '[{"token":7,"type":"a"}]'])(
    'and one that is signed and is no list of matches, %s, touches nothing',
    async (body) => {
      const { env: broken, touches } = untouchable(letIn(scanner))
      const { status } = await report(scanner, body, broken)
      expect([status === 400 || status === 422, touches]).toEqual([true, []])
    },
  )

  test('finds nothing where no key is configured', async () => {
    for (const SECRET_SCANNING_KEYS of [undefined, '']) {
      const { env: broken, touches } = untouchable({ SECRET_SCANNING_KEYS })
      const answer = await report(scanner, [], broken)
      expect([answer.status, answer.body.code, touches]).toEqual([404, 'not_found', []])
    }
    expect((await ask('GET', '/secret-scanning', { env: { ...env, ...letIn(scanner) } })).status).toBe(404)
  })
})

test('a signed report is judged without a database when none of it is a key of ours', async () => {
  const { env: broken, touches } = untouchable(letIn(scanner))
  const token = await forged(newId('apiKey'))
  const { status, body } = await report(scanner, [matchOf(token)], broken)
  expect([status, body, touches]).toEqual([200, [verdict(token, none)], []])
})

test('the sample of the partner program’s documentation is signed by the key that was published for it', async () => {
  const id = 'bcb53661c06b4728e59d897fb6165d5c9cda0fd9cdf9d09ead458168deb7518c'
  const spki =
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYAGMWO8XgCamYKMJS6jc/qgvSlAdAjPuDPRcXU22YxgBrz+zoN19MzuRyW87qEt9/AmtoNP5GrobzUvQSyJFVw=='
  const key = pemOf(Uint8Array.from(atob(spki), (character) => character.charCodeAt(0)))
  const published = JSON.stringify({ public_keys: [{ key_identifier: id, key, is_current: true }] })
  const headers = {
    'github-public-key-identifier': id,
    'github-public-key-signature':
      'MEQCIQDaMKqrGnE27S0kgMrEK0eYBmyG0LeZismAEz/BgZyt7AIfXt9fErtRS4XaeSt/AO1RtBY66YcAdjxji410VQV4xg==',
  }
  const body =
    '[{"source":"commit","token":"some_token","type":"some_type","url":"https://example.com/base-repo-url/"}]'
  const sent = (text: string) =>
    ask('POST', '/secret-scanning', { body: text, headers, env: { ...env, SECRET_SCANNING_KEYS: published } })
  const answer = await sent(body)
  expect(answer.body).toEqual([{ token_raw: 'some_token', token_type: 'some_type', label: 'false_positive' }])
  expect((await sent(body.replace('some_token', 'sOme_token'))).status).toBe(403)
})

describe('SECRET_SCANNING_KEYS', () => {
  const start = (value: unknown) =>
    messageOf(() =>
      configOf(deployed({ SECRET_SCANNING_KEYS: typeof value === 'string' ? value : JSON.stringify(value) })),
    )

  test('is the document in which a scanner publishes its keys', () => {
    expect(configOf(deployed(letIn(scanner))).scannerKeys?.size).toBe(1)
    expect(configOf(deployed()).scannerKeys).toBeNull()
  })

  test.each([
    ['is no JSON', '{', 'is not JSON'],
    ['is a list', [], 'is not complete'],
    ['has no key', { public_keys: [] }, 'is not complete (public_keys)'],
    ['has a key without an identifier', { public_keys: [{ key: 'x' }] }, '(public_keys.0.key_identifier)'],
    ['has a key that is none', { public_keys: [{ key_identifier: 'one', key: 'x' }] }, 'P-256 in PEM (one)'],
  ])('stops Candor, by name, when it %s', async (_what, value, why) => {
    const message = await start(value)
    expect(message.startsWith('SECRET_SCANNING_KEYS ')).toBe(true)
    expect(message).toContain(why)
  })

  test('stops Candor with a key of another curve, a point beside the curve, and a key twice', async () => {
    const { publicKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    const other = pemOf(new Uint8Array((await crypto.subtle.exportKey('spki', publicKey)) as ArrayBuffer))
    const beside = scanner.published.key.replace(/.{10}(?==*\n-----END)/, 'AAAAAAAAAA')
    for (const key of [other, beside])
      expect(await start({ public_keys: [{ key_identifier: 'one', key }] })).toContain('P-256 in PEM (one)')
    expect(await start({ public_keys: [scanner.published, scanner.published] })).toContain('names a key twice')
  })
})

test('members of a workspace cannot report a key by themselves', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const admin = await newMember(ada, 'admin')
  const key = await newApiKey(ada)
  for (const as of [ada, admin, key.token]) {
    const { env: broken, touches } = untouchable(letIn(scanner))
    const answer = await ask('POST', '/secret-scanning', { as, body: [matchOf(key.token)], env: broken })
    expect([answer.status, touches]).toEqual([403, []])
  }
})
