import { type Context, Hono } from 'hono'
import type { Edge } from '../context.ts'
import { mailboxOfTrial } from './trial.ts'

/** Mails of somebody who tries Candor on one machine. */
async function show(c: Context<Edge>) {
  const mailbox = mailboxOfTrial(c)
  if (!mailbox) return c.notFound()
  return mailbox.fetch(`http://mailbox${new URL(c.req.url).pathname}`)
}

export function mailbox() {
  const app = new Hono<Edge>()
  for (const path of ['/mail', '/mail/:id', '/mail/:id/html']) app.get(path, show)
  return app
}
