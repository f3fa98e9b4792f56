import { createMiddleware } from 'hono/factory'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

/** In production plain http is sent to https before anything is looked at. */
export const httpsOnly = createMiddleware<Edge>(async (c, next) => {
  const url = new URL(c.req.url)
  if (!configOf(c.env).production || url.protocol === 'https:') return next()
  url.protocol = 'https:'
  return c.redirect(url.href, 308)
})
