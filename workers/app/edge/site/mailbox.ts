import { type Context, Hono } from 'hono'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Mails of somebody who tries Candor on one machine. The mailbox is a service of `npm start`: a deployment has none, and does
 * not start with one. Only under this machine's own names, so that no page elsewhere reads it by a name that points here.
 */
async function show(c: Context<Edge>) {
  const { production } = configOf(c.env)
  const { hostname, pathname } = new URL(c.req.url)
  const mailbox = c.env.MAILBOX
  if (production || !mailbox || !LOOPBACK.includes(hostname)) return c.notFound()
  return mailbox.fetch(`http://mailbox${pathname}`)
}

export function mailbox() {
  const app = new Hono<Edge>()
  for (const path of ['/mail', '/mail/:id', '/mail/:id/html']) app.get(path, show)
  return app
}
