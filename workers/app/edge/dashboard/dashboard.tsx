import { Hono } from 'hono'
import type { Edge } from '../context.ts'
import { accounts } from './account.tsx'
import { accountEnding } from './account-ending.tsx'
import { accountLog } from './account-log.tsx'
import { apiKeys } from './api-keys.tsx'
import { auditLogs } from './audit-logs.tsx'
import { ending } from './ending.tsx'
import { identities } from './identities.tsx'
import { incidents } from './incidents.tsx'
import { integrations } from './integrations.tsx'
import { invitations } from './invitations.tsx'
import { join } from './join.tsx'
import { members } from './members.tsx'
import { monitors } from './monitors.tsx'
import { selectedMonitors } from './monitors-selected.tsx'
import { people } from './people.tsx'
import { settings } from './settings.tsx'
import { startPages } from './start.tsx'
import { statusPages } from './status-pages.tsx'
import { workspaces } from './workspaces.tsx'

/** The pages for people who are signed in. */
export function dashboard() {
  const app = new Hono<Edge>()
  app.use(async (c, next) => {
    c.set('surface', 'dashboard')
    await next()
  })
  const parts = [
    // Before the pages of one monitor, whose id `selected` would be.
    selectedMonitors(),
    startPages(),
    monitors(),
    incidents(),
    settings(),
    ending(),
    auditLogs(),
    integrations(),
    statusPages(),
    apiKeys(),
    members(),
    people(),
    invitations(),
    join(),
    workspaces(),
    accounts(),
    identities(),
    accountLog(),
    accountEnding(),
  ]
  for (const part of parts) app.route('/', part)
  return app
}
