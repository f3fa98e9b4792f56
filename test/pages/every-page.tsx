import type { Child } from 'hono/jsx'
import type { FieldError } from '../../shared/errors.ts'
import { AuditLogsPage } from '../../workers/app/pages/audit-logs.tsx'
import { AuditUpgradePage } from '../../workers/app/pages/audit-recent.tsx'
import { AuditVerificationPage } from '../../workers/app/pages/audit-verification.tsx'
import { type Clock, clockIn } from '../../workers/app/pages/components/time.tsx'
import { ConfirmPage } from '../../workers/app/pages/confirm.tsx'
import { ErrorPage } from '../../workers/app/pages/error.tsx'
import { IncidentPage } from '../../workers/app/pages/incident.tsx'
import { IncidentsPage } from '../../workers/app/pages/incidents.tsx'
import { IntegrationFormPage } from '../../workers/app/pages/integration-form.tsx'
import { IntegrationsPage } from '../../workers/app/pages/integrations.tsx'
import { LandingPage } from '../../workers/app/pages/landing.tsx'
import { MonitorPage } from '../../workers/app/pages/monitor.tsx'
import { MonitorFormPage } from '../../workers/app/pages/monitor-form.tsx'
import { MonitorsPage } from '../../workers/app/pages/monitors.tsx'
import type { PublicComponent, PublicIncident, PublicStatus } from '../../workers/app/pages/public-status.ts'
import { SettingsPage } from '../../workers/app/pages/settings.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import { ShownOncePage } from '../../workers/app/pages/shown-once.tsx'
import { SignInPage } from '../../workers/app/pages/sign-in.tsx'
import { StatusPage } from '../../workers/app/pages/status-page.tsx'
import { StatusPageFormPage } from '../../workers/app/pages/status-page-form.tsx'
import { StatusPagesPage } from '../../workers/app/pages/status-pages.tsx'
import { WhatBecomesOfIt } from '../../workers/app/pages/workspace-ending.tsx'
import { ownPages } from './account-pages.tsx'
import { apiKeyPages } from './api-key-pages.tsx'
import { deploymentState } from './deployment.ts'
import * as data from './fixtures.ts'
import { memberPages } from './member-pages.tsx'
import { planPages } from './plan-pages.tsx'
import { readerPages } from './reader-pages.tsx'
import { comingPages, openPages, startPages } from './streamed-pages.tsx'
import { trustPages } from './trust-pages.tsx'

const plain: data.Say = (text) => text
const CLEAN = { values: {}, errors: [] as FieldError[] }

const MONITOR_VALUES = {
  name: 'REST API',
  url: 'https://rest-api.acme.test/v1/health',
  method: 'GET',
  intervalSeconds: '60',
  timeoutMs: '10000',
  degradedAfterMs: '800',
  followRedirects: 'on',
  integrationIds: [data.idOf('integration', 0)],
}

const TROUBLE: Record<number, { down?: number; slow?: number }>[] = [
  { 9: { down: 1200 }, 16: { slow: 60 }, 65: { slow: 200 } },
  {},
  { 42: { slow: 100 }, 0: { slow: 300 } },
  { 12: { down: 300 }, 36: { down: 90 }, 74: { down: 4000 } },
]
const COMPONENT_NAMES = ['Website', 'Dashboard', 'REST API', 'Checks in Europe', 'Checks in the Americas', 'Webhooks']

const uuid = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`

/** Components of a public page, the first ones with trouble in their past. */
export function components(count: number, say = plain): PublicComponent[] {
  return Array.from({ length: count }, (_, i) => ({
    id: uuid(i),
    name: say(COMPONENT_NAMES[i] ?? `Component ${i + 1}`),
    status: i === 2 ? 'degraded' : i === 5 ? 'stale' : 'up',
    createdAt: data.NOW - 90 * data.DAY_MS,
    since: data.NOW - 4_000_000,
    lastCheckedAt: data.NOW - (i === 5 ? 3_600_000 : 20_000),
    days: data.days(i === 4 ? 31 : 90, TROUBLE[i % TROUBLE.length]),
  }))
}

export function publicIncidents(say = plain): PublicIncident[] {
  const what = say('It did not answer in time, from')
  return [
    {
      id: uuid(100),
      componentId: uuid(2),
      name: say('REST API'),
      startedAt: data.NOW - 1_260_000,
      resolvedAt: null,
      what,
    },
    {
      id: uuid(101),
      componentId: uuid(0),
      name: say('Website'),
      startedAt: data.NOW - 9 * data.DAY_MS,
      resolvedAt: data.NOW - 9 * data.DAY_MS + 1_200_000,
      what,
    },
  ]
}

/** A public page as it is known of, whatever shows it. */
export function publicStatus(fields: Partial<PublicStatus> = {}, say = plain): PublicStatus {
  return {
    id: uuid(1000),
    title: say('Acme'),
    address: 'https://status.acme.test/s/acme',
    overall: 'degraded',
    components: components(6, say),
    incidents: publicIncidents(say),
    cut: false,
    changedAt: data.NOW - 1_260_000,
    ...fields,
  }
}

function monitorPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const monitors = data.monitors(say)
  const integrations = data.integrations(say)
  const lines = monitors.map((monitor, i) => ({ monitor, summary: i < 6 ? data.summary(i) : undefined }))
  const [, monitor] = monitors
  if (!monitor) throw new Error('There is no monitor to show.')
  const names = new Map(integrations.map(({ id, name }) => [id, name]))
  const detailed = {
    viewer,
    monitor,
    detail: data.detail(say),
    incidents: data.incidents(say),
    deliveries: data.deliveries(say),
    integrationNames: names,
    changes: data.entries(say).slice(0, 5),
    period: '24h' as const,
    now: data.NOW,
  }
  const nothing = { detail: null, incidents: [], deliveries: [], changes: [] }
  const room = data.room('monitors', 7, 500)
  const form = { viewer, integrations, minIntervalSeconds: 30, room }
  const errors = [
    { field: 'url', message: say('The URL starts with http:// or https://.') },
    { field: 'headers.0.key', message: say('A header name has letters, digits and hyphens.') },
    { field: 'integrationIds', message: say('A monitor tells at most 20 integrations.') },
    { field: '', message: say('Your plan allows 5 monitors.') },
  ]
  const typed = {
    ...MONITOR_VALUES,
    name: say('REST API'),
    url: say('ftp://acme'),
    headers: say('Bad Header'),
    body: say('{}'),
  }
  return [
    ['monitors', <MonitorsPage viewer={viewer} lines={lines} filter={undefined} now={data.NOW} room={room} />],
    ['monitors-filtered', <MonitorsPage viewer={viewer} lines={lines} filter="down" now={data.NOW} room={room} />],
    ['monitors-none', <MonitorsPage viewer={viewer} lines={[]} filter={undefined} now={data.NOW} room={room} />],
    ['monitor', <MonitorPage {...detailed} />],
    ['monitor-new', <MonitorPage {...detailed} {...nothing} />],
    ['monitor-paused', <MonitorPage {...detailed} monitor={{ ...monitor, active: false }} />],
    ['monitor-form', <MonitorFormPage {...form} monitor={null} state={{ values: MONITOR_VALUES, errors: [] }} />],
    ['monitor-form-refused', <MonitorFormPage {...form} monitor={monitor} state={{ values: typed, errors }} />],
  ]
}

function otherPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const names = new Map(data.monitors(say).map(({ id, name }) => [id, name]))
  const page = { data: data.incidents(say), nextCursor: say('next') }
  const [integration] = data.integrations(say)
  const [statusPage] = data.statusPages(say)
  if (!integration || !statusPage) throw new Error('There is nothing to show.')
  const [open, past] = data.incidents(say)
  const [monitor] = data.monitors(say)
  if (!open || !past || !monitor) throw new Error('There is nothing to show.')
  const incident = {
    viewer,
    incident: open,
    monitor,
    evidence: data.results(say).toReversed(),
    deliveries: data.deliveries(say),
    integrationNames: new Map(data.integrations(say).map(({ id, name }) => [id, name])),
    changes: data.entries(say).slice(0, 2),
    now: data.NOW,
  }
  const last = new Map(data.deliveries(say).map((delivery) => [delivery.integrationId, delivery]))
  const room = data.room('integrations', 2, 50)
  const refused = (field: string) => ({
    values: { [field]: say('typed') },
    errors: [{ field, message: say('Not so.') }],
  })
  return [
    ['incidents', <IncidentsPage viewer={viewer} page={page} monitorNames={names} now={data.NOW} />],
    ['incident', <IncidentPage {...incident} />],
    ['incident-past', <IncidentPage {...incident} incident={past} evidence={[]} deliveries={[]} changes={[]} />],
    ['incident-unreadable', <IncidentPage {...incident} evidence={null} />],
    [
      'incidents-none',
      <IncidentsPage viewer={viewer} page={{ data: [], nextCursor: null }} monitorNames={names} now={data.NOW} />,
    ],
    [
      'integrations',
      <IntegrationsPage viewer={viewer} integrations={data.integrations(say)} last={last} room={room} />,
    ],
    ['integrations-none', <IntegrationsPage viewer={viewer} integrations={[]} last={new Map()} room={room} />],
    ['integration-form', <IntegrationFormPage viewer={viewer} state={CLEAN} integration={null} room={room} />],
    [
      'integration-form-refused',
      <IntegrationFormPage viewer={viewer} state={refused('config.url')} integration={integration} room={null} />,
    ],
    [
      'status-pages',
      <StatusPagesPage
        viewer={viewer}
        pages={data.statusPages(say)}
        statusUrl="https://status.acme.test"
        room={room}
      />,
    ],
    [
      'status-pages-none',
      <StatusPagesPage viewer={viewer} pages={[]} statusUrl="https://status.acme.test" room={room} />,
    ],
    [
      'status-page-form',
      <StatusPageFormPage viewer={viewer} state={CLEAN} page={null} monitors={data.monitors(say)} room={room} />,
    ],
    [
      'status-page-form-refused',
      <StatusPageFormPage viewer={viewer} state={refused('slug')} page={statusPage} monitors={[]} room={null} />,
    ],
  ]
}

const endingFor = (mayKeep: boolean) => ({ endsAt: data.NOW + 6 * data.DAY_MS, mayKeep })

function accountPages(say: data.Say, viewer: Viewer): [string, Child][] {
  const workspace = {
    id: data.idOf('workspace', 1),
    name: say('Acme'),
    plan: 'pro' as const,
    slug: say('acme'),
    createdAt: '2026-08-01T09:00:00Z',
    endsAt: null,
  }
  const person = { name: say('Alex Doe'), email: say('alex@acme.test'), role: 'owner' }
  const room = data.room('API keys', 3, 100)
  const plan = { name: 'Pro', rooms: [room], minIntervalSeconds: 30, auditHours: null, auditDays: 730, idleDays: null }
  const settings = { viewer, workspace, plan, person }
  const filter = { action: say('monitor.update'), actor: say('usr_1') }
  const typed = {
    viewer,
    current: '/api-keys' as const,
    title: say('Revoke ci-deploy?'),
    consequence: say('Whatever uses the key is refused from the next request on. This cannot be taken back.'),
    action: '/api-keys/key_1/revoke',
    submit: 'Revoke key',
    cancel: '/api-keys',
    typed: say('ci-deploy'),
  }
  const refused = (field: string) => ({
    values: { [field]: say('typed') },
    errors: [{ field, message: say('Not so.') }],
  })
  const secret = say('the-key-would-stand-here-and-is-about-as-long-as-this-line-of-text-is')
  const example = say('curl -H "Authorization: Bearer $CANDOR_KEY" https://candor.test/v1/monitors')
  return [
    ...apiKeyPages(say, viewer),
    [
      'api-key-created',
      <ShownOncePage
        viewer={viewer}
        current="/api-keys"
        title="Your new API key"
        what="the key"
        secret={secret}
        example={example}
      />,
    ],
    ['confirm', <ConfirmPage {...typed} state={CLEAN} />],
    [
      'workspace-delete',
      <ConfirmPage {...typed} state={refused('confirm')}>
        <WhatBecomesOfIt endsAt={data.NOW + 7 * data.DAY_MS} />
      </ConfirmPage>,
    ],
    ['workspace-ending', <SettingsPage {...settings} viewer={{ ...viewer, ending: endingFor(true) }} state={CLEAN} />],
    [
      'workspace-ending-member',
      <SettingsPage
        {...settings}
        person={{ ...person, role: 'admin' }}
        viewer={{ ...viewer, ending: endingFor(false) }}
        state={CLEAN}
      />,
    ],
    ['confirm-refused', <ConfirmPage {...typed} state={refused('confirm')} />],
    [
      'audit-logs',
      <AuditLogsPage
        viewer={viewer}
        page={{ data: data.entries(say), nextCursor: say('next') }}
        filter={filter}
        {...data.auditChoices(say)}
        standing={data.STANDING}
      />,
    ],
    [
      'audit-logs-none',
      <AuditLogsPage
        viewer={viewer}
        page={{ data: [], nextCursor: null }}
        filter={{}}
        {...data.auditChoices(say)}
        standing={{ ...data.STANDING, known: false }}
      />,
    ],
    [
      'audit-logs-refused',
      <AuditLogsPage
        viewer={viewer}
        page={null}
        filter={filter}
        errors={['from', 'colour'].map((field) => ({ field, message: say(`${field} is wrong`) }))}
        {...data.auditChoices(say)}
        standing={data.STANDING}
      />,
    ],
    [
      'audit-logs-tampered',
      <AuditLogsPage
        viewer={viewer}
        page={{ data: data.entries(say), nextCursor: null }}
        filter={{}}
        {...data.auditChoices(say)}
        standing={{ ...data.STANDING, finding: { verdict: 'altered', entry: 3 } }}
      />,
    ],
    [
      'audit-verification',
      <AuditVerificationPage
        viewer={viewer}
        standing={data.STANDING}
        checkpoint={say('candor.test/audit/ws_00000000001\n5\n')}
        keys={[
          { vkey: say('candor.test/audit/ws_00000000001+00000000+key'), state: 'active' },
          { vkey: 'old', state: 'retired' },
        ]}
        deployment={deploymentState(say)}
      />,
    ],
    [
      'audit-verification-rolled-back',
      <AuditVerificationPage
        viewer={viewer}
        standing={data.STANDING}
        checkpoint="candor.test/audit/ws_00000000001"
        keys={[]}
        deployment={{
          ...deploymentState(say),
          refused: { size: 48_000, reason: say('rolled back'), at: data.NOW },
          witnessed: null,
        }}
      />,
    ],
    ['audit-upgrade', <AuditUpgradePage viewer={viewer} hours={24} />],
    ['settings', <SettingsPage {...settings} state={{ values: { name: say('Acme') }, errors: [] }} />],
    [
      'settings-free',
      <SettingsPage {...settings} plan={{ ...plan, name: 'Free', auditHours: 24, idleDays: 60 }} state={CLEAN} />,
    ],
    ['settings-refused', <SettingsPage {...settings} state={refused('name')} />],
  ]
}

function publicPages(say: data.Say, styles: string): [string, Child][] {
  const providers = [
    { id: 'github', name: 'GitHub' },
    { id: 'google', name: 'Google' },
  ]
  const link = { first: [{ id: 'github', name: say('GitHub') }], path: '/account/link/google' }
  const past = publicIncidents(say).filter(({ resolvedAt }) => resolvedAt !== null)
  const shown = (fields: Partial<PublicStatus> = {}, clock?: Clock | null) => (
    <StatusPage status={publicStatus(fields, say)} styles={styles} clock={clock} now={data.NOW} />
  )
  const [down, ...others] = components(3, say)
  return [
    ['landing', <LandingPage />],
    ['sign-in', <SignInPage providers={providers} />],
    [
      'sign-in-failed',
      <SignInPage
        providers={[...providers, { id: 'okta', name: say('Okta') }]}
        error={say('Signing in with GitHub did not work. Try again.')}
      />,
    ],
    ['sign-in-known', <SignInPage providers={providers} error={say('Sign in with GitHub.')} link={link} />],
    [
      'sign-in-known-not-how',
      <SignInPage providers={providers} error={say('Sign in as before.')} link={{ ...link, first: [] }} />,
    ],
    ['error', <ErrorPage title="Not found" message={say('There is no such monitor.')} requestId="req_00000000001" />],
    ['status', shown()],
    ['status-up', shown({ overall: 'operational', components: components(2, say), incidents: past, cut: true })],
    [
      'status-down',
      shown({ overall: 'partial_outage', components: down ? [{ ...down, status: 'down' }, ...others] : [] }),
    ],
    ['status-unknown', shown({ overall: 'unknown', components: [], incidents: [] })],
    ['status-zone', shown({}, clockIn('Europe/Berlin'))],
    ['status-no-zone', shown({}, null)],
  ]
}

/** Every page in every state it has, by a name. `say` stands between all that people type and the page. */
export function everyPage(say = plain, styles = ''): Map<string, Child> {
  const viewer = { workspaceName: say('Acme'), personName: say('Alex Doe'), own: data.own(say), may: data.OWNER }
  return new Map([
    ...publicPages(say, styles),
    ...monitorPages(say, viewer),
    ...otherPages(say, viewer),
    ...accountPages(say, viewer),
    ...ownPages(say, viewer),
    ...planPages(say, viewer),
    ...memberPages(say, viewer),
    ...readerPages(say, { ...viewer, may: data.VIEWER }),
    ...trustPages(say),
    ...openPages(say),
    ...comingPages(say, viewer),
    ...startPages(say, viewer),
  ])
}
