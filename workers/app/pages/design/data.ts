import type { AuditEntryView } from '../../../../shared/contracts/audit.ts'
import type { IncidentView } from '../../../../shared/contracts/incident.ts'
import type { DeliveryView } from '../../../../shared/contracts/integration.ts'
import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import type { DaySummary, MonitorDetail, ResultPoint } from '../../../../shared/domain/schedule.ts'
import type { LogStanding } from '../components/audit-badge.tsx'
import { AUDIT_LOG } from '../components/log-place.ts'
import type { Viewer } from '../shells.tsx'

// What the components are shown with. Nothing of it is anybody's.

export const NOW = Date.UTC(2026, 10, 24, 14, 32, 10)
const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

const id = (prefix: string, n: number) => `${prefix}_${String(n).padStart(11, '0')}`
export const iso = (ago: number) => new Date(NOW - ago).toISOString()

/** A fixed wobble: the same pictures each time. */
const wobble = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1

const DOWN_SECONDS: Record<number, number> = { 8: 760, 41: 90 }
const SLOW: Record<number, number> = { 0: 200, 30: 60 }

/** The last days, oldest first, with trouble in some of them. */
export const days = (count: number): DaySummary[] =>
  Array.from({ length: count }, (_, i) => {
    const ago = count - 1 - i
    const downSeconds = DOWN_SECONDS[ago] ?? 0
    const p50 = Math.round(110 + wobble(i) * 30)
    const day = new Date(NOW - ago * DAY_MS).toISOString().slice(0, 10)
    return {
      day,
      checks: 1440,
      failed: Math.ceil(downSeconds / 60),
      degraded: SLOW[ago] ?? 0,
      downSeconds,
      measuredSeconds: 86_400,
      p50,
      p95: p50 * 3,
    }
  })

/** A day in points, with some in which nothing was measured. */
export const series: MonitorDetail['series'] = Array.from({ length: 96 }, (_, i) => {
  const slow = i > 60 && i < 70
  const p50 = Math.round((slow ? 280 : 120) + wobble(i) * 20)
  return {
    at: NOW - DAY_MS + i * 900_000,
    p50,
    p95: Math.round(p50 * 2.6),
    p99: p50 * 3,
    failed: slow ? 2 : 0,
    checks: 15,
  }
}).filter((_, i) => i < 28 || i > 33)

const evidence = {
  statusLine: 'HTTP 503 Service Unavailable',
  headers: [{ key: 'retry-after', value: '30' }],
  body: '<h1>503 Service Unavailable</h1>',
  hops: ['https://acme.example/', 'https://shop.acme.example/'],
}
export const results: ResultPoint[] = [true, false, true].map((passed, i) => ({
  at: NOW - 14_000 - i * MINUTE_MS,
  latencyMs: passed ? 118 : 10_000,
  status: passed ? 200 : 503,
  errorClass: passed ? 'none' : 'http',
  region: 'local',
  message: passed ? '' : 'The answer has the status 503.',
  evidence: passed ? null : evidence,
}))

const cause = { errorClass: 'http', status: 503, message: 'The answer has the status 503.', region: 'local' }
export const incidents: IncidentView[] = [
  { id: id('inc', 1), monitorId: id('mon', 1), startedAt: iso(1_900_000), resolvedAt: null, cause },
  {
    id: id('inc', 2),
    monitorId: id('mon', 2),
    startedAt: iso(3 * DAY_MS),
    resolvedAt: iso(3 * DAY_MS - 760_000),
    cause,
  },
]

export const deliveries: DeliveryView[] = (['waiting', 'failed', 'delivered'] as const).map((status, i) => ({
  id: id('out', i),
  integrationId: id('int', 1),
  event: 'incident.opened',
  incidentId: id('inc', 1),
  status,
  attempts: i,
  message: ['', 'It answered with the status 410.', ''][i] ?? '',
  createdAt: iso(i * MINUTE_MS),
  deliveredAt: status === 'delivered' ? iso(i * MINUTE_MS - 400) : null,
}))
export const integrationNames = new Map([[id('int', 1), 'On call']])
export const monitorNames = new Map([
  [id('mon', 1), 'Checkout'],
  [id('mon', 2), 'Website'],
])

export const monitor: MonitorView = {
  id: id('mon', 1),
  name: 'Checkout',
  kind: 'http',
  url: 'https://shop.acme.example/checkout',
  method: 'GET',
  headers: { set: true, fingerprint: 'ab12cd34' },
  body: { set: false },
  intervalSeconds: 60,
  timeoutMs: 10_000,
  degradedAfterMs: 800,
  followRedirects: true,
  active: true,
  integrationIds: [id('int', 1)],
  createdAt: iso(90 * DAY_MS),
  updatedAt: iso(3 * DAY_MS),
}

const base = {
  at: iso(MINUTE_MS),
  user: id('usr', 1),
  auth: 'session',
  before: null,
  after: null,
  requestId: id('req', 1),
  leafHash: '9f'.repeat(32),
}
export const entries: AuditEntryView[] = [
  {
    ...base,
    seq: 48_213,
    action: 'monitor.update',
    actor: { type: 'user', id: id('usr', 1) },
    actorName: 'Alex Doe',
    surface: 'dashboard',
    entity: { type: 'monitor', id: id('mon', 1) },
    changes: [
      { field: 'intervalSeconds', before: 60, after: 30 },
      { field: 'name', before: 'Shop', after: 'Checkout' },
    ],
    outcome: 'ok',
  },
  {
    ...base,
    seq: 48_212,
    action: 'member.remove',
    actor: { type: 'api_key', id: id('key', 1) },
    actorName: null,
    surface: 'api',
    auth: 'api_key',
    entity: { type: 'member', id: id('usr', 2) },
    changes: [],
    outcome: 'forbidden',
  },
]

export const standing: LogStanding = {
  place: AUDIT_LOG,
  log: id('ws', 1),
  size: 48_214,
  root: `${'A'.repeat(43)}=`,
  checkedSize: 48_214,
  checkedSince: NOW - 7 * 60 * MINUTE_MS,
  checkedAt: NOW - MINUTE_MS,
  finding: null,
  known: true,
}
export const finding = { verdict: 'altered', entry: 3 } as const

/** Somebody who may do what is shown, and somebody who may do nothing. */
export const editor: Viewer = {
  workspaceName: 'Acme',
  personName: 'Alex Doe',
  own: {
    workspaces: [
      { id: id('ws', 1), name: 'Acme', current: true },
      { id: id('ws', 2), name: 'Hosting', current: false },
    ],
    mayAdd: true,
  },
  may: new Set(['monitor.update']),
}
export const reader: Viewer = { ...editor, may: new Set() }

export const room = { what: 'monitors', plan: 'Free', used: 7, limit: 10 }
export const fullRoom = { ...room, used: 10 }
