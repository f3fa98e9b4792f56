import { Hono } from 'hono'
import type { Edge } from '../context.ts'
import { accounts } from './account.tsx'
import { accountLog } from './account-log.tsx'
import { apiKeys } from './api-keys.tsx'
import { auditLogs } from './audit-logs.tsx'
import { integrations } from './integrations.tsx'
import { lists } from './lists.tsx'
import { monitors } from './monitors.tsx'
import { statusPages } from './status-pages.tsx'

/** The pages for people who are signed in. */
export function dashboard() {
  const app = new Hono<Edge>()
  app.use(async (c, next) => {
    c.set('surface', 'dashboard')
    await next()
  })
  for (const part of [
    monitors(),
    lists(),
    auditLogs(),
    integrations(),
    statusPages(),
    apiKeys(),
    accounts(),
    accountLog(),
  ])
    app.route('/', part)
  return app
}
