import { randomBytes } from 'node:crypto'
import { type Past, simulateHistory } from '../../scripts/lib/simulated-history.ts'
import {
  type Answer,
  type Candor,
  makeBrowser,
  newStateDir,
  removeStateDir,
  startCandor,
  startReceiver,
  startTarget,
  until,
} from '../e2e/harness.ts'

type Person = ReturnType<typeof makeBrowser>
type Target = Awaited<ReturnType<typeof startTarget>>

/** A Candor with something of everything, started as `npm start` does. */
export interface Example {
  candor: Candor
  /** Sessions of its owner, and of somebody who is invited. */
  ada: Person
  linus: Person
  /** Ids and names, by the part of a path that they follow. */
  ids: Record<string, string[]>
  stop(): Promise<void>
}

function ok({ status, body, text }: Answer) {
  if (status >= 300) throw new Error(`An example was refused, ${status}: ${text.slice(0, 300)}`)
  return body
}

interface Watched {
  name: string
  path: string
  /** What its target usually takes, and from what on that is too slow. */
  latencyMs: number
  limitMs?: number
  /** How the target behaves now: it answers as usual, too late, or with an error. */
  now?: 'late' | 'broken'
  paused?: boolean
  past?: Partial<Past>
}

/** What the example watches: something in every state. */
const WATCHED: Watched[] = [
  { name: 'Website', path: '/', latencyMs: 82, past: { outages: [{ hoursAgo: 30 * 24 + 5, minutes: 14 }] } },
  {
    name: 'Checkout',
    path: '/checkout',
    latencyMs: 138,
    past: {
      outages: [
        { hoursAgo: 61 * 24 + 2, minutes: 9 },
        { hoursAgo: 9, minutes: 23 },
      ],
    },
  },
  {
    name: 'Search',
    path: '/search?q=lamp',
    latencyMs: 64,
    limitMs: 200,
    now: 'late',
    past: { slowDaysAgo: [3, 12, 13, 47] },
  },
  { name: 'Image service', path: '/images/health', latencyMs: 31, now: 'broken', past: { days: 52 } },
  { name: 'Sign-in', path: '/sign-in', latencyMs: 55 },
  { name: 'Old shop', path: '/old', latencyMs: 40, paused: true },
]

async function startTargets(): Promise<Target[]> {
  const targets = await Promise.all(WATCHED.map(startTarget))
  for (const [i, { latencyMs, limitMs = 0, now }] of WATCHED.entries()) {
    targets[i]?.slow(now === 'late' ? limitMs * 1.5 : latencyMs)
    if (now === 'broken') targets[i]?.answer(503)
  }
  return targets
}

async function seedMonitors(ada: Person, targets: Target[], integration: string): Promise<string[]> {
  const ids: string[] = []
  for (const [i, { name, path, limitMs = null, paused = false }] of WATCHED.entries()) {
    const url = `http://${targets[i]?.host}${path}`
    const headers = name === 'Checkout' ? [{ key: 'x-probe', value: 'let-me-in' }] : []
    const rest = { headers, intervalSeconds: 60, degradedAfterMs: limitMs, integrationIds: [integration] }
    ids.push(ok(await ada.ask('POST', '/v1/monitors', { name, kind: 'http', url, active: !paused, ...rest })).id)
  }
  return ids
}

/** What the monitors of the example have been through. */
const pastsOf = (ids: string[]): Past[] =>
  WATCHED.flatMap(({ latencyMs, limitMs = null, paused, past }, i) => {
    const usual = { days: 90, latencyMs, degradedAfterMs: limitMs, outages: [], slowDaysAgo: [] }
    return paused ? [] : [{ monitorId: ids[i] ?? '', ...usual, ...past }]
  })

/** Links the other provider's account of the same person. */
async function linkGoogle(person: Person): Promise<void> {
  const { text } = await person.ask('GET', '/account/link/google')
  const [, href = ''] = /<a class="btn btn-primary" href="(http[^"]+)"/.exec(text) ?? []
  const authorize = new URL(href.replaceAll('&amp;', '&'))
  authorize.searchParams.set('account', 'ada')
  const back = await person.raw(authorize.href)
  const linked = await person.raw(back.headers.get('location') ?? '')
  if (linked.status !== 303) throw new Error(`Linking did not work: ${linked.status}`)
}

const invite = async (ada: Person, email: string, role: string): Promise<string> =>
  ok(await ada.ask('POST', '/v1/invitations', { email, role })).id

async function seedPeople(candor: Candor, ada: Person) {
  const [grace, linus] = [makeBrowser(candor.url), makeBrowser(candor.url)]
  const graces = await invite(ada, 'grace@example.test', 'member')
  const linuses = await invite(ada, 'linus@example.test', 'viewer')
  await grace.signIn('github', 'grace')
  await grace.form(`/invitations/${graces}/accept`, {})
  await linus.signIn('github', 'linus')
  await linus.form(`/invitations/${linuses}/accept`, {})
  await linkGoogle(ada)
  await makeBrowser(candor.url).signIn('github', 'ada')
  const members: { id: string; name: string }[] = ok(await ada.ask('GET', '/v1/members')).data
  const [graceId = '', linusId = ''] = ['Grace', 'Linus'].map(
    (first) => members.find(({ name }) => name.startsWith(first))?.id ?? '',
  )
  // Somebody who is gone can be erased, and somebody who is invited can join.
  ok(await ada.ask('DELETE', `/v1/members/${linusId}`, {}))
  const again = await invite(ada, 'linus@example.test', 'viewer')
  await linus.signIn('github', 'linus')
  return { linus, invitations: [again], members: [graceId], people: [linusId] }
}

async function seedPlaces(ada: Person, monitorIds: string[]) {
  const page = { title: 'Lumen Lamps', slug: 'lumen', monitorIds: monitorIds.slice(0, 5) }
  const pageId: string = ok(await ada.ask('POST', '/v1/status-pages', page)).id
  const networks = ['192.0.2.0/24', '2001:db8::/32']
  const keys = [
    { name: 'Deploys', scope: 'write', expiresInDays: 90, allowedNetworks: networks },
    { name: 'Wallboard', scope: 'read', expiresInDays: null },
    { name: 'Terraform', scope: 'write', expiresInDays: 3 },
  ]
  const keyIds: string[] = []
  for (const key of keys) keyIds.push(ok(await ada.ask('POST', '/v1/api-keys', key)).id)
  return { 'status-pages': [pageId], 'api-keys': keyIds, s: ['lumen'] }
}

/** Ids that only pages name. */
async function idsOnPages(ada: Person, path: string, pattern: RegExp): Promise<string[]> {
  const { text } = await ada.ask('GET', path)
  return [...new Set([...text.matchAll(pattern)].map(([, id = '']) => id))]
}

const openIncidents = async (ada: Person) =>
  (await ada.ask('GET', '/v1/incidents')).body.data.filter((one: { resolvedAt: unknown }) => one.resolvedAt === null)

/** Makes something of everything, and waits until what is broken and what is slow are known to be so. */
async function fill(candor: Candor, ada: Person, targets: Target[], receiverUrl: string) {
  await ada.signIn('github', 'ada')
  ok(await ada.ask('PATCH', '/v1/workspace', { name: 'Lumen Lamps' }))
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const webhook = { kind: 'webhook', name: 'On call', config: { url: receiverUrl, secret } }
  const integration: string = ok(await ada.ask('POST', '/v1/integrations', webhook)).id
  const monitors = await seedMonitors(ada, targets, integration)
  const places = await seedPlaces(ada, monitors)
  const { linus, ...people } = await seedPeople(candor, ada)
  // Slow counts when it was slow twice: not a minute later, but now.
  for (const id of monitors) await ada.ask('POST', `/v1/monitors/${id}/check`)
  await until('the outage', 60_000, async () => (await openIncidents(ada)).length === 1)
  await until('what is slow', 90_000, async () => (await ada.ask('GET', '/monitors')).text.includes('1 degraded'))
  return { linus, ids: { ...places, ...people, monitors, integrations: [integration] } }
}

/** Waits for what a start brings by itself, and answers the ids that come of it. */
async function idsAfterStart(ada: Person): Promise<Example['ids']> {
  await until('the past to be told', 60_000, async () => {
    const { body } = await ada.ask('GET', '/v1/incidents')
    return body.data.length === 4 && (await openIncidents(ada)).length === 1
  })
  const mail = await until('a mail', 20_000, async () => {
    const found = await idsOnPages(ada, '/mail', /href="\/mail\/([^"]+)"/g)
    return found.length > 0 && found
  })
  return {
    mail: mail.slice(0, 1),
    incidents: (await openIncidents(ada)).map(({ id }: { id: string }) => id),
    sessions: (await idsOnPages(ada, '/account', /(ses_[0-9a-f]{16})\/revoke/g)).slice(0, 1),
    identities: (await idsOnPages(ada, '/account', /identities\/([^/"]+)\/unlink/g)).slice(0, 1),
  }
}

/** Starts it, fills it, and gives it ninety days that it has not had. About half a minute: the outage is a real one. */
export async function startExample(): Promise<Example> {
  const stateDir = newStateDir()
  const [targets, receiver] = await Promise.all([startTargets(), startReceiver()])
  const env = { ALLOW_PRIVATE_TARGETS: [...targets, receiver].map(({ host }) => host).join(',') }
  let candor = await startCandor({ stateDir, env })
  const port = Number(new URL(candor.url).port)
  const ada = makeBrowser(candor.url)
  const stop = async () => {
    await candor.stop()
    await Promise.all([...targets, receiver].map((one) => one.stop()))
    removeStateDir(stateDir)
  }
  try {
    const { ids, ...people } = await fill(candor, ada, targets, receiver.url)
    await candor.stop()
    simulateHistory(stateDir, pastsOf(ids.monitors), Date.now())
    candor = await startCandor({ stateDir, env, port })
    return { candor, ada, ...people, ids: { ...ids, ...(await idsAfterStart(ada)) }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
