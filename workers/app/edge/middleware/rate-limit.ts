import { createMiddleware } from 'hono/factory'
import type { Edge } from '../context.ts'
import { type AddressLimit, count, countAddress, policyOf } from '../rate-limit/count.ts'

/** Counts by address what anybody may ask for without being signed in. */
export const limited = (name: AddressLimit) =>
  createMiddleware<Edge>(async (c, next) => {
    await countAddress(c, name)
    await next()
  })

/**
 * Counts what is asked for with a credential that verified: by API key, or by session. Before its scope and before any
 * look-up, so that a refused request counts as well.
 */
export const limitCredential = createMiddleware<Edge>(async (c, next) => {
  const credential = c.get('credential')
  if (credential?.type === 'session') await count(c, 'session', credential.hash)
  if (credential?.type === 'api_key') {
    await count(c, 'apiKey', credential.keyId)
    c.header('RateLimit-Policy', policyOf(c, 'apiKey'))
  }
  await next()
})
