import { Hono } from 'hono'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'
import { limited } from '../middleware/rate-limit.ts'
import { answer } from './answer.ts'
import { REPRESENTATIONS } from './representations.tsx'

/** What the public sees of a workspace. In production it lives on a hostname of its own, where nothing else answers. */
export function publicPages() {
  const app = new Hono<Edge>()
  app.use(async (c, next) => {
    const { production, statusUrl } = configOf(c.env)
    const onStatusHost = new URL(c.req.url).host === new URL(statusUrl).host
    const isPage = c.req.path.startsWith('/s/')
    if (production && onStatusHost !== isPage) return c.notFound()
    return next()
  })
  for (const [path, representation] of Object.entries(REPRESENTATIONS))
    app.get(`/s/:slug${path}`, limited('statusPage'), (c) => answer(c, representation))
  return app
}
