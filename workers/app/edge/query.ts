import type { Context } from 'hono'
import { AppError } from '../../../shared/errors.ts'
import type { Edge } from './context.ts'

/** The parameters of a query. Throws `invalid` for one that is there twice: which of them counts would be a guess. */
export function queryOf(c: Context<Edge>): Record<string, string> {
  const repeated = Object.entries(c.req.queries()).flatMap(([field, values]) =>
    values.length > 1 ? [{ field, message: `\`${field}\` is there ${values.length} times. Give it once.` }] : [],
  )
  const [first] = repeated
  if (first) throw new AppError('invalid', first.message, repeated)
  // A plain object: what the router gives has no prototype, and would not go to a Durable Object.
  return { ...c.req.query() }
}
