import type { Context } from 'hono'
import { clockIn } from '../../pages/components/time.tsx'
import { renderDocument } from '../../pages/document.tsx'
import type { PublicStatus } from '../../pages/public-status.ts'
import { BADGE_STYLES, statusBadge } from '../../pages/status-badge.ts'
import { statusFeed } from '../../pages/status-feed.ts'
import { componentsJson, incidentsJson, statusJson, summaryJson, unresolvedJson } from '../../pages/status-json.ts'
import { STATUS_PAGE_CSS } from '../../pages/status-page.css.ts'
import { StatusPage } from '../../pages/status-page.tsx'
import type { Edge } from '../context.ts'
import type { Representation } from './answer.ts'

const DAYS = 90

function showPage(status: PublicStatus, c: Context<Edge>, now: number): string {
  const zone = c.req.query('tz')
  const clock = zone === undefined ? undefined : clockIn(zone)
  return renderDocument(<StatusPage status={status} styles={STATUS_PAGE_CSS} clock={clock} now={now} />)
}

const json = (content: (status: PublicStatus) => object): Representation => ({
  type: 'application/json',
  days: 0,
  shared: true,
  render: (status) => JSON.stringify(content(status)),
})

/** Every form of a status page, by where it stands behind the page's own address. */
export const REPRESENTATIONS: Record<string, Representation> = {
  '': { type: 'text/html', days: DAYS, styles: STATUS_PAGE_CSS, render: showPage },
  '/feed.atom': { type: 'application/atom+xml', days: 0, render: statusFeed },
  '/badge.svg': { type: 'image/svg+xml', days: 0, styles: BADGE_STYLES, render: statusBadge },
  '/api/v2/summary.json': json(summaryJson),
  '/api/v2/status.json': json(statusJson),
  '/api/v2/components.json': json(componentsJson),
  '/api/v2/incidents.json': json(incidentsJson),
  '/api/v2/incidents/unresolved.json': json(unresolvedJson),
}
