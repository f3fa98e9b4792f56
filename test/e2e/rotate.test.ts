import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { turnKeyring } from '../../scripts/lib/secrets.ts'
import { parseKeyring } from '../../workers/app/crypto/keyring.ts'
import { type EpochSalt, kidOf, open } from '../../workers/app/crypto/sealed.ts'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'

const ROUNDS = 12
const THINGS = 12
const ROOT = join(import.meta.dirname, '..', '..')
/** A rotation of so many values takes about as long. */
const LATEST_KILL_MS = 400

const COLUMNS = [
  ['monitor', 'headers'],
  ['monitor', 'body'],
  ['integration', 'sealed_config'],
] as const

describe('a machine on which the keyring is turned twelve times, and Candor is killed each time on the way', () => {
  const stateDir = newStateDir()
  let ports: { port: number; idpPort: number }
  let candor: Candor
  let token = ''
  const ids = { monitors: [] as string[], integrations: [] as string[] }

  beforeAll(async () => {
    ports = { port: await freePort(), idpPort: await freePort() }
    candor = await startCandor({ stateDir, ...ports })
    const browser = makeBrowser(candor.url)
    await browser.signIn('github', 'ada')
    token = (await browser.ask('POST', '/v1/api-keys', { name: 'writers', scope: 'write' })).body.token
    for (let i = 0; i < THINGS; i++) {
      const headers = [{ key: 'authorization', value: `Basic ${i}` }]
      const monitor = { name: `Shop ${i}`, kind: 'http', url: 'https://shop.example', active: false, headers }
      ids.monitors.push((await ask('POST', '/v1/monitors', { ...monitor, body: `ping ${i}` })).body.id)
      const config = { url: `https://hooks.example/${i}` }
      const made = await ask('POST', '/v1/integrations', { kind: 'webhook', name: `Hook ${i}`, config })
      ids.integrations.push(made.body.id)
    }
  })
  afterAll(async () => {
    await candor?.stop()
    removeStateDir(stateDir)
  })

  const ask = (method: string, path: string, body?: unknown) =>
    makeBrowser(candor.url).ask(method, path, body, { authorization: `Bearer ${token}` })

  const ring = () => JSON.parse(readFileSync(join(stateDir, 'secrets.json'), 'utf8')).CANDOR_KEYRING
  const active = () => ring().find(({ state }: { state: string }) => state === 'active').kid

  /** The database as it lies on the disk, whatever has become of the process. */
  function onDisk<T>(read: (db: DatabaseSync) => T): T {
    const folder = join(stateDir, 'data', 'd1', 'miniflare-D1DatabaseObject')
    const file = readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)) ?? expect.unreachable()
    const db = new DatabaseSync(join(folder, file))
    try {
      return read(db)
    } finally {
      db.close()
    }
  }

  /** Every sealed value, opened with the keyring that the machine has; the keys that they name. */
  async function openAll(): Promise<{ texts: string[]; kids: Set<string> }> {
    const keyring = parseKeyring(JSON.stringify(ring()))
    const rows = onDisk((db) =>
      COLUMNS.flatMap(([table, column]) =>
        db
          .prepare(`SELECT workspace_id, id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`)
          .all()
          .map((row) => ({ table, column, row: row as { workspace_id: string; id: string; sealed: Uint8Array } })),
      ),
    )
    const keys = onDisk((db) => db.prepare('SELECT epoch, salt FROM workspace_key').all()) as unknown as EpochSalt[]
    const opened = rows.map(async ({ table, column, row }) => {
      const place = { workspaceId: row.workspace_id, table, rowId: row.id, column }
      return `${row.id} ${column} ${(await open(keyring, keys, place, row.sealed)).reveal()}`
    })
    return { texts: await Promise.all(opened), kids: new Set(rows.map(({ row }) => kidOf(row.sealed))) }
  }

  function rotate(...flags: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/keys-rotate.ts'), ...flags], {
      cwd: ROOT,
      env: { ...process.env, STATE_DIR: stateDir, PUBLIC_URL: candor.url },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
  }

  /** Changes secrets, so that some are sealed anew while others are sealed again. Until the connection is gone. */
  async function writeUntilKilled(): Promise<void> {
    for (let i = 0; ; i++) {
      const path = `/v1/integrations/${ids.integrations[i % THINGS]}`
      if (!(await ask('PATCH', path, { config: { url: `https://hooks.example/${i}/new` } }).catch(() => null))) return
    }
  }

  test('every value opens at every moment', { timeout: 400_000 }, async () => {
    let halfway = 0
    await candor.stop()
    for (let round = 0; round < ROUNDS; round++) {
      const next = turnKeyring(stateDir)
      candor = await startCandor({ stateDir, ...ports })
      const work = Promise.all([rotate(), writeUntilKilled()])
      await new Promise((go) => setTimeout(go, randomInt(LATEST_KILL_MS)))
      await candor.stop('SIGKILL')
      await work
      const { texts, kids } = await openAll()
      expect([round, texts.length]).toEqual([round, 3 * THINGS])
      if (kids.has(next) && kids.size > 1) halfway++
    }
    candor = await startCandor({ stateDir, ...ports })
    // Otherwise no kill came while there was something to interrupt.
    expect(halfway).toBeGreaterThan(0)
  })

  test('and a rotation that is let go to its end leaves nothing under an older key', { timeout: 120_000 }, async () => {
    const before = await openAll()
    const { code, output } = await rotate('--remove')
    expect([code, output]).toEqual([0, expect.stringContaining(`${active()}: seals now`)])
    const after = await openAll()
    expect(after.kids).toEqual(new Set([active()]))
    expect(after.texts.toSorted()).toEqual(before.texts.toSorted())
    expect(ring().map(({ kid }: { kid: string }) => kid)).toEqual([active()])
    await candor.stop()
    candor = await startCandor({ stateDir, ...ports })
    const renamed = await ask('PATCH', `/v1/integrations/${ids.integrations[0]}`, { config: { secret: undefined } })
    expect(renamed.status).toBe(200)
    // The log is there from its first line on: in a quiet run there is none.
    const log = join(stateDir, 'candor.log')
    expect(existsSync(log) ? readFileSync(log, 'utf8') : '').not.toMatch(/tampered|cannot be opened/)
  })

  test('a new key is made by the command, and takes effect with the next start', async () => {
    const old = active()
    const first = await rotate()
    expect([first.code, first.output]).toEqual([0, expect.stringContaining(`${old} is kept`)])
    expect(active()).not.toBe(old)
    const second = await rotate()
    expect([second.code, second.output]).toEqual([1, expect.stringContaining(`still runs with the key ${old}`)])
  })
})
