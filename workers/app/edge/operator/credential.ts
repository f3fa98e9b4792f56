import { createMiddleware } from 'hono/factory'
import { AppError } from '../../../../shared/errors.ts'
import { configOf } from '../../bindings.ts'
import { isOperatorKey } from '../../crypto/operator-key.ts'
import type { Edge } from '../context.ts'
import { countAddress } from '../rate-limit/count.ts'

/**
 * Lets in whoever runs this Candor, by a key of 256 bits that stands in no database. Without one in the configuration there
 * is nothing here. No cookie counts, and no other origin is let in: a page of somebody else's cannot send the header.
 */
export const operatorOnly = createMiddleware<Edge>(async (c, next) => {
  const { operatorKey } = configOf(c.env)
  if (!operatorKey) throw new AppError('not_found', 'There is nothing at this address.')
  if (c.req.method !== 'POST') {
    c.header('Allow', 'POST')
    throw new AppError('method_not_allowed', `${c.req.method} is not available here. There is: POST.`)
  }
  const authorization = c.req.header('authorization')
  const [scheme = '', token = '', ...more] = authorization?.split(' ') ?? []
  if (scheme.toLowerCase() !== 'bearer' || more.length > 0 || !isOperatorKey(operatorKey, token)) {
    if (authorization !== undefined) await countAddress(c, 'refused')
    throw new AppError('unauthorized', 'This needs the operator’s key: `Authorization: Bearer` and OPERATOR_KEY.')
  }
  await next()
})
