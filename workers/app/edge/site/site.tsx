import { Hono } from 'hono'
import { LandingPage } from '../../pages/landing.tsx'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { checkPage } from './check.tsx'
import { deploymentLogRoutes } from './deployment-log.ts'
import { securityTxt } from './security-txt.ts'
import { trustRoutes } from './trust.tsx'

/** What is public about Candor itself. */
export function site() {
  const app = new Hono<Edge>()
  app.get('/', (c) => page(c, <LandingPage />))
  app.get('/check', checkPage)
  app.get('/.well-known/security.txt', (c) => securityTxt(c.env))
  app.get('/security.txt', (c) => c.redirect('/.well-known/security.txt', 301))
  app.get('/robots.txt', (c) => c.text('User-agent: *\nDisallow: /v1/\nDisallow: /sign-in\nDisallow: /check\n'))
  app.get('/health', (c) => c.json({ status: 'ok' }))
  deploymentLogRoutes(app)
  trustRoutes(app)
  app.get('/assets/*', (c) => c.env.ASSETS.fetch(c.req.raw))
  return app
}
