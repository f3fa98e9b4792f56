import type { Context } from 'hono'
import { configOf, isLoopback } from '../../bindings.ts'
import type { Edge } from '../context.ts'

/**
 * The mailbox of somebody who tries Candor on one machine, by which one knows that they do. It is a service of `npm start`:
 * a deployment has none, and does not start with one. Only under this machine's own names, so that no page elsewhere
 * reads what is for them by a name that points here.
 */
export function mailboxOfTrial(c: Context<Edge>): Fetcher | null {
  const { production } = configOf(c.env)
  return !production && isLoopback(new URL(c.req.url)) ? (c.env.MAILBOX ?? null) : null
}
