import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { newMember } from '../lib/audit.ts'
import { ask, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { checkedLog } from '../lib/checked-log.ts'
import { watchedDatabase } from '../lib/d1.ts'
import { pastTheGates, rowsOf, statement } from '../lib/database.ts'
import { messagesSent, newReceiver, probeSays } from '../lib/probe.ts'
import { DASHBOARD_ROUTES } from '../lib/routes.ts'
import { hands } from '../lib/tampered-log.ts'
import { made, settled } from '../lib/world.ts'

const SAYS = 'The audit log of this workspace does not verify: '

let person: Person
let size: number
let is: ReturnType<typeof hands>
let said: string[]
let receiver: string
beforeEach(async () => {
  await probeSays({ status: 204 })
  ;({ person, size } = await checkedLog())
  is = hands(person)
  said = []
  receiver = newReceiver()
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

const rename = () => ask('PATCH', '/v1/workspace', { as: person, body: { name: 'After' } })
const pageOf = async (as: Person, path = '/monitors') => (await ask('GET', path, { as })).text
const bannerOf = async (as = person) => /does not verify: ([^<]*)\./.exec(await pageOf(as))?.[1] ?? null
const findings = async () =>
  (await rowsOf('log_finding')).filter(({ workspace_id }) => workspace_id === person.workspaceId)
const hook = (of: Person) =>
  made(of, 'integration.create', { kind: 'webhook', name: 'On call', config: { url: receiver } })
const tampered = () => said.filter((line) => line.includes('"event":"audit.tampered"'))

/** What integrations were told of findings. */
async function told() {
  await settled()
  return (await messagesSent(receiver)).map(({ body }) => body).filter(({ type }) => type === 'audit.finding')
}

describe('a finding of the night', () => {
  test('is said on every page of the dashboard, with the way to the verification', async () => {
    await is.alter(2)
    await is.night()
    const pages = DASHBOARD_ROUTES.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
    // A person's workspaces are listed outside of each of them; two addresses lead to another page.
    const other = /^\/(?:audit-logs|workspaces|account\/ending|monitors\/selected)|\/export$/
    const plain = pages.filter(({ path }) => !other.test(path))
    expect(plain.length).toBeGreaterThan(8)
    for (const { path } of plain) {
      const html = await pageOf(person, path)
      expect([path, html.includes(`${SAYS}altered, first bad entry #2.`)]).toEqual([path, true])
      expect(html).toContain('href="/audit-logs/verification"')
    }
    // The pages of the log ask the object, and say it once.
    for (const path of ['/audit-logs', '/audit-logs/verification']) {
      const html = await pageOf(person, path)
      expect([path, html.includes('This log does not verify: altered'), html.includes(SAYS)]).toEqual([
        path,
        true,
        false,
      ])
    }
  })

  test('is said to owners and admins, who can do something about it', async () => {
    const [admin, member, viewer] = [
      await newMember(person, 'admin'),
      await newMember(person, 'member'),
      await newMember(person, 'viewer'),
    ]
    await is.alter(2)
    await is.night()
    const all = await Promise.all([person, admin, member, viewer].map((as) => bannerOf(as)))
    expect(all.map((banner) => banner !== null)).toEqual([true, true, false, false])
  })

  test('is gone when a whole pass comes out right', async () => {
    const log = await is.log()
    await is.alter(2)
    await is.night()
    await is.put(log.slice(2, 3))
    // A change shows that the end of the log is right, and nothing of what is in its middle.
    expect((await rename()).status).toBe(200)
    expect(await bannerOf()).toBe('altered, first bad entry #2')
    await is.night()
    expect([await bannerOf(), await findings()]).toEqual([null, []])
  })

  test('costs no round trip and no statement more', async () => {
    const costs = async () => {
      const { env: watched, ran } = watchedDatabase()
      expect((await ask('GET', '/incidents', { as: person, env: watched })).status).toBe(200)
      return ran.map(({ sql }) => sql)
    }
    const before = await costs()
    await is.alter(2)
    await is.night()
    expect(await costs()).toEqual(before)
    expect(before.filter((sql) => sql.includes('log_finding'))).toHaveLength(1)
  })
})

describe('a log that takes no change any more', () => {
  test('says so on every page from the first refused change on, until it is put back', async () => {
    const log = await is.log()
    await is.cutFrom(size - 1)
    expect(await bannerOf()).toBeNull()
    expect((await rename()).body.code).toBe('log_tampered')
    expect(await bannerOf()).toBe(`truncated, first bad entry #${size - 1}`)
    await is.put(log.slice(-1))
    expect((await rename()).status).toBe(200)
    expect([await bannerOf(), await findings()]).toEqual([null, []])
  })

  test('and is not taken back by a request that never came to the log', async () => {
    await is.cutFrom(size - 1)
    expect((await rename()).status).toBe(503)
    expect(await mutateAs(person, 'nothing.of_the_kind', {})).toMatchObject({ ok: false, code: 'not_found' })
    expect(await bannerOf()).toBe(`truncated, first bad entry #${size - 1}`)
  })

  test('because somebody has put an entry behind its end: the night finds that too', async () => {
    const log = await is.log()
    const last = log.at(-1) ?? expect.unreachable()
    await is.put([{ ...last, seq: size }])
    const { checked } = await is.night()
    expect(checked.finding).toEqual({ verdict: 'added', entry: size })
    expect(await bannerOf()).toBe(`added, first bad entry #${size}`)
    expect((await rename()).body.code).toBe('log_tampered')
    // The next night finds the same thing, and not a new one.
    await is.night()
    expect(tampered()).toHaveLength(1)
  })

  test('does not lose what the night has found by being refused', async () => {
    await is.alter(2)
    await is.cutFrom(size - 1)
    await is.night()
    await rename()
    expect(await bannerOf()).toBe('altered, first bad entry #2')
  })
})

describe('each integration of the workspace', () => {
  test('is told once of a finding, although the log takes no entry', async () => {
    await hook(person)
    await hook(person)
    const at = size + 1
    await is.cutFrom(at)
    for (let i = 0; i < 3; i++) expect((await rename()).status).toBe(503)
    await is.night()
    const messages = await told()
    expect(messages).toHaveLength(2)
    expect(messages[0]).toEqual({
      type: 'audit.finding',
      timestamp: expect.stringMatching(/Z$/),
      data: {
        workspace: { id: person.workspaceId, name: 'Four' },
        monitor: null,
        incident: null,
        finding: { verdict: 'truncated', entry: at },
        url: 'http://localhost:8787/audit-logs/verification',
      },
    })
    expect(tampered()).toEqual([
      JSON.stringify({ event: 'audit.tampered', logId: person.workspaceId, verdict: 'truncated', entry: at }),
    ])
  })

  test('is told of another finding, and of the same one when it comes again', async () => {
    await hook(person)
    const log = await is.log()
    for (const seq of [3, 2]) {
      await is.alter(seq)
      await is.night()
    }
    await is.put(log.slice(2, 4))
    await is.night()
    await is.alter(2)
    await is.night()
    await is.night()
    expect((await told()).map(({ data }) => data.finding.entry)).toEqual([3, 2, 2])
  })

  test('of another workspace is told nothing', async () => {
    const other = await newPerson('Grace Hopper')
    await hook(other)
    await is.alter(2)
    await is.night()
    expect([await told(), await bannerOf(other)]).toEqual([[], null])
  })
})

describe('what the database has of a finding', () => {
  test('comes later when the database did not answer, and then once', async () => {
    await hook(person)
    const prototype = Object.getPrototypeOf(env.DB) as { batch(statements: { statement: string }[]): unknown }
    const real = prototype.batch
    const spy = vi.spyOn(prototype, 'batch').mockImplementation(function (this: unknown, statements) {
      const isFinding = statements.some(({ statement }) => statement.includes('log_finding" ("workspace_id"'))
      return isFinding ? Promise.reject(new Error('D1_ERROR: Network connection lost.')) : real.call(this, statements)
    })
    await is.alter(2)
    await is.night()
    expect([await bannerOf(), await told()]).toEqual([null, []])
    expect(said.some((line) => line.includes('audit.finding_not_told'))).toBe(true)
    spy.mockRestore()
    await is.night()
    expect(await bannerOf()).toBe('altered, first bad entry #2')
    expect(await told()).toHaveLength(1)
  })

  test('can be taken away by whoever writes to it; the log’s own pages say it, and the next night brings it back', async () => {
    await hook(person)
    await is.alter(2)
    await is.night()
    await pastTheGates([statement('DELETE FROM log_finding WHERE workspace_id = ?', person.workspaceId)])
    expect(await bannerOf()).toBeNull()
    expect(await pageOf(person, '/audit-logs')).toContain('This log does not verify: altered, first bad entry #2.')
    await is.night()
    expect(await bannerOf()).toBe('altered, first bad entry #2')
    expect(await told()).toHaveLength(1)
  })
})
