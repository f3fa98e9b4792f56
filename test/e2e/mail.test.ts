import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor, until } from './harness.ts'

const DAY_MS = 86_400_000
const API_KEY = 're_0123456789abcdefghij'

let stateDir: string
let candor: Candor | null = null
let browser: ReturnType<typeof makeBrowser>

async function up(env: Record<string, string> = {}, before = candor): Promise<Candor> {
  await before?.stop()
  candor = await startCandor({ stateDir, env, ...(before && { port: Number(new URL(before.url).port) }) })
  return candor
}

/** The files of a machine that have a table, as somebody opens them who has its disk. */
function withTable<T>(table: string, use: (db: DatabaseSync) => T): T[] {
  const names = readdirSync(join(stateDir, 'data'), { recursive: true, encoding: 'utf8' })
  return names.flatMap((name) => {
    if (!name.endsWith('.sqlite')) return []
    const db = new DatabaseSync(join(stateDir, 'data', name))
    try {
      return db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) ? [use(db)] : []
    } finally {
      db.close()
    }
  })
}

/** While Candor is stopped: lets the end of these keys come near, past the gates, and the night come. */
function letTimePass(names: string[]): void {
  withTable('api_key', (db) => {
    const gate = db.prepare(`SELECT sql FROM sqlite_master WHERE name = 'api_key_update_gate'`).get() as { sql: string }
    db.exec('DROP TRIGGER api_key_update_gate')
    const times = db.prepare('UPDATE api_key SET created_at = ?, expires_at = ? WHERE name = ?')
    for (const name of names) times.run(Date.now() - 85 * DAY_MS, Date.now() + 5 * DAY_MS, name)
    db.exec(gate.sql)
  })
  withTable('_cf_KV', (db) => db.exec(`DELETE FROM _cf_KV WHERE key = 'nextReminders'`))
}

/** A change with an effect, whose alarm is soon: the night's work goes with it. */
const wake = () =>
  browser.ask('POST', '/v1/monitors', { name: 'x', kind: 'http', url: 'https://x.example', intervalSeconds: 3600 })

interface Got {
  name: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}
const got: Got[] = []
let written = 0

/** Writes until the other side has had enough, and counts. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 0x61)
  const more = () => {
    while (!response.destroyed && written < 50_000_000) {
      written += chunk.length
      if (!response.write(chunk)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

/** What a service may do to a mail, by the name of the key that it is about. First tries only, but for refusals. */
const ANSWERS: Record<string, (response: ServerResponse, first: boolean) => void> = {
  taken: (response) => response.end('{"id":"1"}'),
  refused: (response) => response.writeHead(422).end('{"name":"validation_error"}'),
  moved: (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
  busy: (response, first) => (first ? response.writeHead(429, { 'retry-after': '1' }).end() : response.end('{}')),
  broken: (response, first) => (first ? response.writeHead(500).end('oops') : response.end('{}')),
  reset: (response, first) => (first ? response.destroy() : response.end('{}')),
  silent: (response, first) => (first ? undefined : response.end('{}')),
  garbage: (response) => response.end(Buffer.from([0xff, 0xfe, 0, 1, 2])),
  endless: (response) => flood(response),
}
const NAMES = Object.keys(ANSWERS)

async function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const body = text === '' ? {} : JSON.parse(text)
    const name = /"(\w+)"/.exec(String(body.subject))?.[1] ?? ''
    const first = !got.some((one) => one.name === name)
    got.push({ name: request.url === '/emails' ? name : `${request.url}`, headers: request.headers, body })
    ANSWERS[name]?.(response, first)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

beforeAll(async () => {
  stateDir = newStateDir()
  browser = makeBrowser((await up()).url)
  await browser.signIn('github', 'ada')
  for (const name of ['local', ...NAMES]) await browser.ask('POST', '/v1/api-keys', { name, scope: 'read' })
})
afterAll(async () => {
  await candor?.stop()
  removeStateDir(stateDir)
})

describe('on one machine', () => {
  test('a mail lies in the mailbox, for the owner of the machine only, and outlasts a restart', async () => {
    expect((await browser.ask('GET', '/mail')).text).toContain('No mail yet.')
    await candor?.stop()
    letTimePass(['local'])
    await up({}, candor)
    await wake()
    const path = await until('the mail', 20_000, async () => {
      const { text } = await browser.ask('GET', '/mail')
      return /href="(\/mail\/out_\w+)"/.exec(text)?.[1]
    })
    const { text } = await browser.ask('GET', path)
    expect(text).toContain('The API key &quot;local&quot; expires on')
    const log = await browser.ask('GET', '/v1/audit-logs?action=api_key.remind')
    expect(log.body.data).toMatchObject([{ action: 'api_key.remind', surface: 'system' }])
    const file = join(stateDir, 'mail', `${path.split('/')[2]}.json`)
    expect([statSync(join(stateDir, 'mail')).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600])
    await up()
    expect((await browser.ask('GET', path)).text).toBe(text)
    expect((await browser.ask('GET', `${path}/html`)).headers.get('content-security-policy')).toMatch(/^sandbox;/)
  })

  test('mails go by Resend, and whatever it answers is dealt with', { timeout: 120_000 }, async () => {
    const server = await serve()
    await candor?.stop()
    letTimePass(NAMES)
    const RESEND_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { MAIL_DRIVER: 'resend', MAIL_FROM: 'ops@candor.test', RESEND_API_KEY: API_KEY, RESEND_URL }
    await up(env, candor)
    expect((await browser.ask('GET', '/mail')).status).toBe(404)
    await wake()
    const trail = () => withTable('delivery', (db) => db.prepare('SELECT * FROM delivery').all()).flat()
    await until('every mail to be settled', 60_000, async () => {
      const rows = trail()
      return rows.length === NAMES.length + 1 && rows.every(({ status }) => status !== 'waiting')
    })
    const tries = (name: string) => got.filter((one) => one.name === name).length
    expect(Object.fromEntries(NAMES.map((name) => [name, tries(name)]))).toEqual({
      taken: 1,
      refused: 1,
      moved: 1,
      busy: 2,
      broken: 2,
      reset: 2,
      silent: 2,
      garbage: 1,
      endless: 1,
    })
    const failed = trail().flatMap(({ status, message }) => (status === 'failed' ? [message] : []))
    expect(failed.toSorted()).toEqual(['Resend answered 307.', 'Resend answered 422 (validation_error).'])
    expect(written).toBeLessThan(20_000_000)
    for (const name of NAMES) {
      const ids = got.flatMap((one) => (one.name === name ? [one.headers['idempotency-key']] : []))
      expect(new Set(ids).size).toBe(1)
    }
    expect(got.map(({ headers }) => headers.authorization)).toEqual(got.map(() => `Bearer ${API_KEY}`))
    expect(got.map(({ body }) => body.from)).toEqual(got.map(() => 'Candor <ops@candor.test>'))
    const log = readFileSync(join(stateDir, 'candor.log'), 'utf8')
    for (const event of ['mail.delivered', 'mail.waiting', 'mail.failed']) expect(log).toContain(event)
    for (const secret of [API_KEY, 'ada@', 'whatever uses it']) expect(log).not.toContain(secret)
    server.closeAllConnections()
    server.close()
  })
})
