import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { MUTATIONS } from '../../workers/app/services/mutations.ts'
import { QUERIES } from '../../workers/app/services/queries.ts'
import { faultsOf } from '../lib/atom.ts'
import { type Answer, ask, mutateAs, type Person, signedIn } from '../lib/candor.ts'
import { parseCsv } from '../lib/csv.ts'
import { HOSTILE, hostileInput, MARK, textFieldsOf } from '../lib/hostile.ts'
import { elementsOf, formsOf, whatRuns } from '../lib/markup.ts'
import { fireAlarm, monitoringOf, newMonitor, rounds, START, setClock, useClock } from '../lib/monitoring.ts'
import { pathIn } from '../lib/pages.ts'
import { probeChanges } from '../lib/probe.ts'
import { OTHER_ROUTES } from '../lib/routes.ts'
import { parseSvg } from '../lib/status-page.ts'
import { bySystem, newWorld, settled } from '../lib/world.ts'
import { VALID } from '../workspace/verbs.ts'

/*
 * A workspace in which everything that can be text is hostile: each field of each verb that its contract lets through,
 * the person, the browser, what a target answered and what a receiver of messages did. Then every page, feed and file is
 * read as a browser reads it. Routes, verbs and fields come from the registers, so that the next one is among them.
 */
useClock()

let world: Awaited<ReturnType<typeof newWorld>>
let person: Person
/** What was let through, as `verb field`. */
const sown: string[] = []
/** In how many answers some of it was. */
let shown = 0
/** After the checks: what a page shows is not ahead of it. */
let seenAt = START

/** Of what ends the workspace: it is asked for by its name. */
const ENDS = ['workspace.delete']

const EVIDENCE = {
  statusLine: HOSTILE,
  headers: [{ key: HOSTILE, value: HOSTILE }],
  body: HOSTILE,
  hops: [HOSTILE, HOSTILE],
}

async function sow(): Promise<void> {
  for (const verb of MUTATIONS) {
    const kinds = verb.credentials ?? ['session']
    if (ENDS.includes(verb.action) || !kinds.some((kind) => kind === 'session' || kind === 'system')) continue
    const make = kinds.includes('session') ? mutateAs : bySystem
    const attempt = async (only?: string) => {
      const { input, fields } = hostileInput(verb.input, await VALID[verb.action]?.(person), only)
      if (fields.length === 0) return []
      const { ok } = await make(person, verb.action, input)
      if (ok) sown.push(...fields.map((field) => `${verb.action} ${field}`))
      return ok ? [] : fields
    }
    // What one field is refused for must not keep the others away.
    for (const field of await attempt()) await attempt(field)
  }
}

beforeAll(async () => {
  world = await newWorld(HOSTILE)
  const { workspaceId, userId } = world.person
  const client = { ip: null, userAgent: HOSTILE }
  person = await signedIn(workspaceId, userId, Date.now(), null, HOSTILE, client)
  await sow()
  const down = await newMonitor(person, { name: HOSTILE, integrationIds: [world.integrationId] })
  world.monitorId = down
  await probeChanges({
    message: HOSTILE,
    evidence: EVIDENCE,
    send: { status: 0, errorClass: 'address_refused', message: HOSTILE, bodyStart: HOSTILE },
  })
  const stub = monitoringOf(person.workspaceId)
  await fireAlarm(stub)
  await rounds(stub, 3, { status: 503, errorClass: 'http' })
  await settled()
  seenAt = Date.now()
  const page = { title: HOSTILE, monitorIds: [down] }
  await ask('PATCH', `/v1/status-pages/${world.statusPageId}`, { as: person, body: page })
}, 120_000)
beforeEach(() => setClock(seenAt))

/** Reads an answer as whatever it says it is; what is wrong with it. */
function wrongWith({ text, headers }: Answer): string[] {
  const type = headers.get('content-type') ?? ''
  if (text === '') return []
  if (text.includes(MARK)) shown++
  if (type.startsWith('text/html')) return whatRuns(text, MARK)
  if (type.startsWith('application/atom')) return faultsOf(text)
  if (type.startsWith('image/svg')) return parseSvg(text).name === 'svg' ? [] : ['no picture']
  if (type.startsWith('text/csv'))
    return parseCsv(text).flatMap((record) => record.filter((cell) => /^[=+\-@\t\r\n]/.test(cell)))
  if (/json/.test(type)) for (const line of type.includes('ndjson') ? text.trim().split('\n') : [text]) JSON.parse(line)
  return []
}

/** Not what anything here is named: a form that asks for a name would do what it threatens. */
const TYPED = `${HOSTILE} typed`

/** All that an address may be asked with: what the queries of the registers take, and what pages read besides. */
const QUERY_NAMES = [
  ...new Set([
    ...QUERIES.flatMap(({ input }) => Object.keys((input as z.ZodObject).shape ?? {})),
    ...['again', 'tested', 'return', 'tz', 'status', 'error', 'error_description', 'state', 'code', 'period', 'format'],
  ]),
]

const GETS = OTHER_ROUTES.filter(({ method, path }) => method === 'GET' && !path.startsWith('/assets/'))
const faults = async (path: string, asked: Parameters<typeof ask>[2] = { as: person }, method = 'GET') => {
  const answer = await ask(method, path, asked)
  return wrongWith(answer).map((fault) => `${answer.status} ${method} ${path.slice(0, 80)}: ${fault}`)
}

test('every verb’s contract is looked into, and most of what people may write is hostile here', () => {
  const fields = MUTATIONS.flatMap(({ action, input }) =>
    textFieldsOf(input).map((path) => `${action} ${path.join('.')}`),
  )
  expect(fields.length).toBeGreaterThan(50)
  expect(sown).toEqual(
    expect.arrayContaining([
      'workspace.rename name',
      'monitor.create name',
      'monitor.create url',
      'monitor.create headers.0.value',
      'monitor.update body',
      'integration.update name',
      'status_page.update title',
      'api_key.create name',
      'incident.open cause.message',
    ]),
  )
})

describe.each(GETS)('GET $path', ({ path }) => {
  test('runs nothing, and is made of no markup but its own', async () => {
    expect(await faults(pathIn(world, path))).toEqual([])
    expect(await faults(pathIn(world, path), {})).toEqual([])
  })

  test('does not either when its query is hostile', async () => {
    const asked = async (names: string[]) => {
      const query = new URLSearchParams(names.map((name) => [name, TYPED]))
      const answer = await ask('GET', `${pathIn(world, path)}?${query}`, { as: person })
      expect([names, wrongWith(answer)]).toEqual([names, []])
      return answer.status
    }
    // A page that refuses what it does not know is asked for each by itself.
    if ((await asked(QUERY_NAMES)) === 422) for (const name of QUERY_NAMES) await asked([name])
  })

  test('has forms that do not either, whatever is sent with them', async () => {
    const at = pathIn(world, path)
    const { text, headers } = await ask('GET', at, { as: person })
    if (!headers.get('content-type')?.startsWith('text/html')) return
    for (const { method, action, texts, others } of formsOf(text, at)) {
      if (texts.length === 0) continue
      const typed = texts.map((name): [string, string] => [name, TYPED])
      for (const rest of [others, others.map(([name]): [string, string] => [name, TYPED])]) {
        const form = [...typed, ...rest]
        const query = new URLSearchParams(form)
        expect(
          method === 'GET' ? await faults(`${action}?${query}`) : await faults(action, { as: person, form }, 'POST'),
        ).toEqual([])
      }
    }
  })
})

const SEEN = [
  '/monitors',
  '/monitors/:id',
  '/incidents',
  '/integrations',
  '/status-pages',
  '/api-keys',
  '/audit-logs',
  '/settings',
  '/settings/members',
  '/workspaces',
  '/account',
  '/account/log',
  '/s/:slug',
  '/s/:slug/feed.atom',
  '/s/:slug/badge.svg',
  '/s/:slug/api/v2/summary.json',
]

test('what is hostile was there to be seen, where people and strangers write', async () => {
  expect(shown).toBeGreaterThan(100)
  const blind = []
  for (const path of SEEN)
    if (!(await ask('GET', pathIn(world, path), { as: person })).text.includes(MARK)) blind.push(path)
  expect(blind).toEqual([])
  const monitor = (await ask('GET', pathIn(world, '/monitors/:id'), { as: person })).text
  const told = elementsOf(monitor).map(({ tagName, childNodes }) => [
    tagName,
    childNodes.map((node) => ('value' in node ? node.value : '')).join(''),
  ])
  const says = (tag: string, text: string) => told.some(([name, all]) => name === tag && all?.includes(text))
  expect([
    says('pre', `${HOSTILE}\n${HOSTILE}: ${HOSTILE}\n\n${HOSTILE}`),
    says('p', `By way of ${HOSTILE} → ${HOSTILE}`),
    says('summary', HOSTILE),
    says('td', HOSTILE),
  ]).toEqual([true, true, true, true])
})
