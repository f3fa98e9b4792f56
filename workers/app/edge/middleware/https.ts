import { createMiddleware } from 'hono/factory'
import { AppError } from '../../../../shared/errors.ts'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

/** In production plain http is sent to https before anything is looked at. Throws `bad_request` for what is no URL. */
export const httpsOnly = createMiddleware<Edge>(async (c, next) => {
  // `GET *` and a Host that is none reach the Worker too.
  const url = URL.parse(c.req.url)
  if (!url) throw new AppError('bad_request', 'The address or its host is not valid.')
  if (!configOf(c.env).production || url.protocol === 'https:') return next()
  url.protocol = 'https:'
  return c.redirect(url.href, 308)
})
