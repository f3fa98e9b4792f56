import { type Context, Hono } from 'hono'
import { DesignPage } from '../../pages/design.tsx'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mailboxOfTrial } from './trial.ts'

/** The components, for whoever works on them. A deployment has no such page. */
async function show(c: Context<Edge>) {
  if (!mailboxOfTrial(c)) return c.notFound()
  const sheet = await c.env.ASSETS.fetch(new URL('/assets/app.css', c.req.url))
  return page(c, <DesignPage sheet={await sheet.text()} />)
}

export function design() {
  const app = new Hono<Edge>()
  app.get('/design', show)
  return app
}
