import type { OwnWorkspaces } from '../../shared/contracts/account.ts'
import type { ApiKeyView } from '../../shared/contracts/api-key.ts'
import type { AuditEntryView } from '../../shared/contracts/audit.ts'
import type { IncidentView } from '../../shared/contracts/incident.ts'
import type { DeliveryView, IntegrationView } from '../../shared/contracts/integration.ts'
import type { MonitorView } from '../../shared/contracts/monitor.ts'
import type { StatusPageView } from '../../shared/contracts/status-page.ts'
import { ACTION_WORDS } from '../../shared/domain/action-words.ts'
import type {
  DaySummary,
  MonitorDetail,
  MonitorStatus,
  MonitorSummary,
  ResultPoint,
} from '../../shared/domain/schedule.ts'
import { ID_PREFIXES, type Noun } from '../../shared/ids.ts'
import type { LogStanding } from '../../workers/app/pages/components/audit-badge.tsx'
import { AUDIT_LOG } from '../../workers/app/pages/components/log-place.ts'

/** What a person typed, or a stranger's server answered. A test replaces it by something hostile. */
export type Say = (text: string) => string

/** What whoever looks at the pages may change. */
export const OWNER: ReadonlySet<string> = new Set(Object.keys(ACTION_WORDS))
export const VIEWER: ReadonlySet<string> = new Set(['member.leave'])

export const NOW = Date.UTC(2026, 10, 24, 14, 32, 10)
export const DAY_MS = 86_400_000

export const idOf = (noun: Noun, n: number) => `${ID_PREFIXES[noun]}_${String(n).padStart(11, '0')}`
export const iso = (ago: number) => new Date(NOW - ago).toISOString()
const dayName = (ago: number) => new Date(NOW - ago * DAY_MS).toISOString().slice(0, 10)

/** A fixed wobble: the same pictures at every run. */
const wobble = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1

/** Ninety days, oldest first; `trouble` says how many seconds down and how many slow checks there were that many days ago. */
export function days(count: number, trouble: Record<number, { down?: number; slow?: number }> = {}): DaySummary[] {
  return Array.from({ length: count }, (_, i) => {
    const ago = count - 1 - i
    const { down = 0, slow = 0 } = trouble[ago] ?? {}
    const p50 = Math.round(110 + wobble(i) * 30)
    const failed = Math.ceil(down / 60)
    const measuredSeconds = 86_400
    return {
      day: dayName(ago),
      checks: 1440,
      failed,
      degraded: slow,
      downSeconds: down,
      measuredSeconds,
      p50,
      p95: p50 * 3,
    }
  })
}

const NAMES = ['Website', 'REST API', 'Checkout', 'Customer portal', 'Webhooks', 'Image service', 'Nightly export']
const STATUSES: MonitorStatus[] = ['up', 'degraded', 'down', 'up', 'stale', 'paused', 'pending']

export function monitors(say: Say): MonitorView[] {
  return NAMES.map((name, i) => ({
    id: idOf('monitor', i),
    name: say(name),
    kind: 'http',
    url: say(`https://${name.toLowerCase().replaceAll(' ', '-')}.acme.test/v1/health`),
    method: 'GET',
    headers: { set: true, fingerprint: 'ab12cd34' },
    body: { set: false },
    intervalSeconds: 60,
    timeoutMs: 10_000,
    degradedAfterMs: 800,
    followRedirects: true,
    active: STATUSES[i] !== 'paused',
    integrationIds: [idOf('integration', 0)],
    createdAt: iso(STATUSES[i] === 'pending' ? 20_000 : 90 * DAY_MS),
    updatedAt: iso(3 * DAY_MS),
  }))
}

export function summary(i: number): MonitorSummary {
  const status = STATUSES[i] ?? 'up'
  const checked = status !== 'pending'
  const staleFor = status === 'stale' ? 1_400_000 : 14_000
  return {
    id: idOf('monitor', i),
    status,
    since: checked ? NOW - 4_000_000 : null,
    lastCheckedAt: checked ? NOW - staleFor : null,
    lastLatencyMs: checked ? 118 + i * 7 : null,
    days: checked ? days(90 - i * 9, { 0: { slow: i === 1 ? 200 : 0 }, 8: { down: 760 + i }, 31: { slow: 90 } }) : [],
  }
}

const evidence = (say: Say) => ({
  statusLine: say('HTTP 503 Service Unavailable'),
  headers: [
    { key: say('content-type'), value: say('text/html; charset=utf-8') },
    { key: say('retry-after'), value: say('30') },
  ],
  body: say('<h1>503 Service Unavailable</h1>\nNo server is available to handle this request.'),
  hops: [say('https://acme.test/'), say('https://rest-api.acme.test/v1/health')],
})

export function results(say: Say): ResultPoint[] {
  return Array.from({ length: 14 }, (_, i) => {
    const failed = i === 3 || i === 4
    return {
      at: NOW - 14_000 - i * 60_000,
      latencyMs: failed ? 10_000 : Math.round(100 + wobble(i) * 60),
      status: failed ? 503 : 200,
      errorClass: failed ? 'http' : 'none',
      region: 'local',
      message: failed ? say('The answer has the status 503.') : '',
      evidence: failed ? evidence(say) : null,
    }
  })
}

/** A day in 200 points, with an hour in which nothing was measured. */
function series(): MonitorDetail['series'] {
  return Array.from({ length: 200 }, (_, i) => {
    const slow = i > 130 && i < 150
    const p50 = Math.round((slow ? 280 : 120) + wobble(i) * 20)
    const at = NOW - DAY_MS + i * 432_000
    const p95 = Math.round(p50 * 3 + wobble(i + 7) * 90)
    return { at, p50, p95, p99: Math.round(p95 * 1.2 + wobble(i + 3) * 120), failed: slow ? 2 : 0, checks: 7 }
  }).filter((_, i) => i < 60 || i > 68)
}

export function detail(say: Say, i = 1): MonitorDetail {
  return {
    summary: summary(i),
    last24h: { checks: 1380, failed: 4, p50: 124, p95: 412, p99: 780 },
    series: series(),
    results: results(say),
  }
}

export function incidents(say: Say): IncidentView[] {
  return Array.from({ length: 4 }, (_, i) => ({
    id: idOf('incident', i),
    monitorId: idOf('monitor', i % NAMES.length),
    startedAt: iso(i === 0 ? 1_900_000 : i * 3 * DAY_MS),
    resolvedAt: i === 0 ? null : iso(i * 3 * DAY_MS - 760_000),
    cause: { errorClass: 'http', status: 503, message: say('The answer has the status 503.'), region: say('local') },
  }))
}

export function integrations(say: Say): IntegrationView[] {
  return ['On call', 'Incident room'].map((name, i) => ({
    id: idOf('integration', i),
    kind: 'webhook',
    name: say(name),
    config: { url: { set: true, fingerprint: '77aa01fe' }, secret: { set: true, fingerprint: '10b9c2d3' } },
    createdAt: iso(40 * DAY_MS),
    updatedAt: iso(9 * DAY_MS),
  }))
}

export function deliveries(say: Say): DeliveryView[] {
  const status = ['waiting', 'delivered', 'failed'] as const
  return status.map((state, i) => ({
    id: idOf('delivery', i),
    integrationId: idOf('integration', i),
    event: i === 1 ? 'incident.resolved' : 'incident.opened',
    incidentId: idOf('incident', i),
    status: state,
    attempts: i + 1,
    message: say(['', 'The receiver answered 204.', 'The receiver answered 500; given up after 24 hours.'][i] ?? ''),
    createdAt: iso(i * 700_000 + 60_000),
    deliveredAt: state === 'delivered' ? iso(600_000) : null,
  }))
}

export function entries(say: Say): AuditEntryView[] {
  const actions = ['monitor.update', 'api_key.create', 'incident.open', 'integration.test', 'status_page.update']
  const actors = ['user', 'user', 'system', 'api_key', 'user'] as const
  const surfaces = ['dashboard', 'dashboard', 'system', 'api', 'dashboard'] as const
  return Array.from({ length: 20 }, (_, i) => {
    const at = i % actions.length
    const changes = [
      { field: 'name', before: say('REST API'), after: say('REST API v2') },
      { field: 'intervalSeconds', before: 60, after: 30 },
      { field: 'headers', before: null, after: { set: true, fingerprint: 'ab12cd34' } },
    ].slice(0, at)
    return {
      seq: 48_213 - i,
      at: iso(i * 61_000),
      action: actions[at] ?? '',
      actor: { type: actors[at] ?? 'user', id: actors[at] === 'system' ? 'monitoring' : idOf('user', at) },
      actorName: actors[at] === 'user' ? say('Alex Doe') : null,
      user: actors[at] === 'user' ? idOf('user', at) : null,
      surface: surfaces[at] ?? 'dashboard',
      auth: 'session',
      entity: { type: 'monitor', id: idOf('monitor', at) },
      before: null,
      after: null,
      changes,
      outcome: 'ok',
      requestId: idOf('request', i),
      leafHash: '9f'.repeat(32),
    }
  })
}

export function apiKeys(say: Say): ApiKeyView[] {
  const base = {
    createdBy: idOf('user', 1),
    handedTo: null,
    createdAt: iso(60 * DAY_MS),
    revokedAt: null,
    remindedAt: null,
    expiredAt: null,
    rolledFrom: null,
    rolledTo: null,
    allowedNetworks: [],
    leak: null,
  }
  return [
    {
      ...base,
      id: idOf('apiKey', 0),
      name: say('ci-deploy'),
      scope: 'write',
      expiresAt: iso(-30 * DAY_MS),
      lastUsedOn: dayName(0),
      rolledFrom: idOf('apiKey', 5),
      allowedNetworks: ['203.0.113.0/24', say('2001:db8:1234:5678:9abc:def0::/96')],
    },
    {
      ...base,
      id: idOf('apiKey', 5),
      name: say('ci-deploy'),
      scope: 'write',
      expiresAt: iso(-DAY_MS),
      lastUsedOn: dayName(0),
      rolledTo: idOf('apiKey', 0),
    },
    { ...base, id: idOf('apiKey', 1), name: say('grafana'), scope: 'read', expiresAt: null, flags: ['unused'] },
    {
      ...base,
      id: idOf('apiKey', 2),
      name: say('old script'),
      scope: 'read',
      expiresAt: iso(DAY_MS),
      lastUsedOn: null,
    },
    {
      ...base,
      id: idOf('apiKey', 4),
      name: say('last quarter'),
      scope: 'read',
      createdAt: iso(170 * DAY_MS),
      expiresAt: iso(-6 * DAY_MS),
      remindedAt: iso(DAY_MS),
      expiredAt: null,
      lastUsedOn: dayName(120),
      flags: ['expires_soon', 'unused'],
    },
    {
      ...base,
      id: idOf('apiKey', 3),
      name: say('lost laptop'),
      scope: 'write',
      expiresAt: null,
      revokedAt: iso(5 * DAY_MS),
      leak: {
        reason: 'secret_scanning',
        url: `https://code.test/acme/shop/blob/12345600b9cbe38a219f39a9941c9319b600c002/${say('deploy.sh')}`,
        source: 'commit',
      },
    },
  ]
}

export function statusPages(say: Say): StatusPageView[] {
  return [
    {
      id: idOf('statusPage', 0),
      title: say('Acme'),
      slug: 'acme',
      monitorIds: [idOf('monitor', 0), idOf('monitor', 1), idOf('monitor', 2)],
      createdAt: iso(80 * DAY_MS),
      updatedAt: iso(2 * DAY_MS),
    },
  ]
}

/** How the log of the fixtures stands. */
export const STANDING: LogStanding = {
  place: AUDIT_LOG,
  log: 'ws_00000000001',
  size: 48_214,
  root: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  checkedSize: 48_214,
  checkedSince: NOW - 7 * 3_600_000,
  checkedAt: NOW - 60_000,
  finding: null,
  known: true,
}

export const auditChoices = (say: Say) => ({
  actors: [{ id: 'usr_00000000001', name: say('Alex Doe') }],
  actions: ['monitor.create', 'monitor.update'],
})

/** Where whoever looks at the pages can go on. */
export const own = (say: Say): OwnWorkspaces => ({
  workspaces: [
    { id: idOf('workspace', 1), name: say('Acme'), current: true },
    { id: idOf('workspace', 2), name: say('Hosting & Söhne'), current: false },
  ],
  mayAdd: true,
})

/** Room of a plan for one kind of thing. */
export const room = (what: string, used: number, limit: number) => ({ what, plan: 'Pro', used, limit })
