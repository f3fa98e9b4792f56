import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { CheckPage, CheckUrlPage } from '../../workers/app/pages/check.tsx'
import { CheckAnswer, CheckRow, CheckWaiting, type SeenCheck } from '../../workers/app/pages/components/check-table.tsx'
import { DeliveryAnswer, TryRow, TryWaiting } from '../../workers/app/pages/components/delivery-table.tsx'
import { renderParts } from '../../workers/app/pages/document.tsx'
import { IntegrationTestPage } from '../../workers/app/pages/integration-test.tsx'
import { MonitorCheckPage, NothingYet } from '../../workers/app/pages/monitor-check.tsx'
import type { Viewer } from '../../workers/app/pages/shells.tsx'
import {
  StartAlertsPage,
  StartChecksPage,
  StartDonePage,
  StartPage,
  StartSecretPage,
  StartStatusPage,
  StartTestPage,
} from '../../workers/app/pages/start.tsx'
import { deliveries, integrations, monitors, NOW, room, type Say, statusPages } from './fixtures.ts'

const DOCTYPE = '<!doctype html>'

/** A streamed page as it is when all of it has come. */
export function whole(page: Child, rows: readonly Child[], closing: Child): Child {
  const [head = '', middle, end] = renderParts(page)
  return raw([head.slice(DOCTYPE.length), ...rows.map(String), middle, String(closing), end].join(''))
}

export const CHECKS: SeenCheck[] = [
  { at: NOW, latencyMs: 48, status: 200, errorClass: 'none' },
  { at: NOW + 1000, latencyMs: 1203, status: 503, errorClass: 'http' },
  { at: NOW + 3000, latencyMs: 5000, status: 0, errorClass: 'timeout' },
]

/** Pages that are sent as they come to be, outside the dashboard. */
export function openPages(say: Say): [string, Child][] {
  const target = new URL('https://shop.acme.test/cart?a=1&b=2')
  const rows = CHECKS.flatMap((check, i) => [
    <CheckWaiting>{`Check ${i + 1} of 3 is under way …`}</CheckWaiting>,
    <CheckRow check={check} />,
  ])
  const answer = <CheckAnswer name={say('shop.acme.test')} checks={CHECKS} />
  const refused = { values: { url: say('ftp://acme') }, errors: [{ field: 'url', message: say('Not so.') }] }
  return [
    ['check', whole(<CheckPage target={target} checks={3} />, rows, answer)],
    ['check-form', <CheckUrlPage state={{ values: {}, errors: [] }} />],
    ['check-led', <CheckUrlPage state={{ values: { url: say('https://shop.acme.test') }, errors: [] }} led />],
    ['check-refused', <CheckUrlPage state={refused} />],
  ]
}

const first = <T,>(list: T[]): T => {
  const [one] = list
  if (one === undefined) throw new Error('There is nothing to show.')
  return one
}

/** Pages of the dashboard that are sent as they come to be, and the first steps, which have some of them. */
export function comingPages(say: Say, viewer: Viewer): [string, Child][] {
  const monitor = first(monitors(say))
  const integration = first(integrations(say))
  const delivery = first(deliveries(say))
  const checks = [
    [<CheckWaiting>The check is on its way …</CheckWaiting>, ...CHECKS.map((check) => <CheckRow check={check} />)],
    <CheckAnswer name={monitor.name} checks={CHECKS} />,
  ] as const
  const tries = [
    [<TryWaiting>The message is on its way …</TryWaiting>, <TryRow delivery={delivery} />],
    <DeliveryAnswer delivery={delivery} />,
  ] as const
  const [tested, begun] = [
    { viewer, integration, sent: true },
    { viewer, monitor },
  ]
  return [
    ['monitor-check', whole(<MonitorCheckPage {...begun} />, ...checks)],
    ['monitor-check-none', whole(<MonitorCheckPage {...begun} />, [], <NothingYet monitor={monitor} />)],
    ['integration-test', whole(<IntegrationTestPage {...tested} />, ...tries)],
    ['integration-test-unknown', whole(<IntegrationTestPage {...tested} />, [], <DeliveryAnswer delivery={null} />)],
    ['integration-test-form', <IntegrationTestPage {...tested} sent={false} />],
    ['start-checks', whole(<StartChecksPage {...begun} />, ...checks)],
    ['start-test', whole(<StartTestPage {...tested} monitorId={monitor.id} />, ...tries)],
    ['start-test-form', <StartTestPage {...tested} sent={false} />],
  ]
}

/** The first three steps, as forms and what is shown between them. */
export function startPages(say: Say, viewer: Viewer): [string, Child][] {
  const monitor = first(monitors(say))
  const clean = { values: {}, errors: [] }
  const refused = (field: string) => ({
    values: { [field]: say('typed') },
    errors: [{ field, message: say('Not so.') }],
  })
  const step = { viewer, state: clean, room: room('monitors', 0, 10) }
  const page = first(statusPages(say))
  const secret = { viewer, integrationId: 'int_1', secret: say('whsec_x') }
  return [
    ['start', <StartPage {...step} />],
    ['start-refused', <StartPage {...step} state={refused('url')} />],
    ['start-full', <StartPage {...step} room={room('monitors', 10, 10)} />],
    ['start-alerts', <StartAlertsPage {...step} monitor={monitor} />],
    ['start-alerts-refused', <StartAlertsPage {...step} monitor={null} state={refused('config.url')} />],
    ['start-secret', <StartSecretPage {...secret} monitor={null} told={false} />],
    ['start-secret-alone', <StartSecretPage {...secret} monitor={monitor} told={false} />],
    ['start-status-page', <StartStatusPage {...step} monitors={monitors(say)} />],
    ['start-status-page-refused', <StartStatusPage {...step} monitors={[]} state={refused('slug')} />],
    ['start-done', <StartDonePage viewer={viewer} page={page} address={say('https://status.acme.test/s/acme')} />],
  ]
}
