import { createMiddleware } from 'hono/factory'
import { AppError } from '../../../../shared/errors.ts'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/**
 * A browser sends the session cookie along whoever wrote the page; so an unsafe request that came with one must come
 * from our own pages, whatever its content type. Fetch Metadata decides; without it, Origin must be ours; without both,
 * it is refused. A request with an API key, or with nothing, carries no cookie authority.
 */
export const sameOrigin = createMiddleware<Edge>(async (c, next) => {
  if (SAFE.includes(c.req.method) || c.get('credential')?.type !== 'session') return next()
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  const ours = site === undefined ? origin === configOf(c.env).publicUrl : site === 'same-origin'
  if (!ours)
    throw new AppError(
      'forbidden',
      'This request did not come from a page of ours, so it was not carried out. Open the dashboard and try again.',
    )
  return next()
})
