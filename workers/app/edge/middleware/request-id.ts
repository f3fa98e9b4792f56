import { createMiddleware } from 'hono/factory'
import { newId } from '../../../../shared/ids.ts'
import type { Edge } from '../context.ts'

/** Names the request: in its answer, in errors, in the audit entry. The client has no say in it. */
export const requestId = createMiddleware<Edge>(async (c, next) => {
  c.set('requestId', newId('request'))
  await next()
  c.header('X-Request-Id', c.get('requestId'))
})
