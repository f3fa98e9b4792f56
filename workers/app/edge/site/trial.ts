import type { Context } from 'hono'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * The mailbox of somebody who tries Candor on one machine, by which one knows that they do. It is a service of `npm start`:
 * a deployment has none, and does not start with one. Only under this machine's own names, so that no page elsewhere
 * reads what is for them by a name that points here.
 */
export function mailboxOfTrial(c: Context<Edge>): Fetcher | null {
  const { production } = configOf(c.env)
  const isHere = LOOPBACK.includes(new URL(c.req.url).hostname)
  return !production && isHere ? (c.env.MAILBOX ?? null) : null
}
