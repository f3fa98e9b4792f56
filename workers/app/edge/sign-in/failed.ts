import type { Context } from 'hono'
import { AppError } from '../../../../shared/errors.ts'
import type { IdentityProvider } from '../../bindings.ts'
import type { Edge } from '../context.ts'

/** What went wrong, without what the provider said: that is for the log. `what`: what was tried. */
export function failed(
  c: Context<Edge>,
  provider: IdentityProvider,
  error: unknown,
  what: 'Signing in with' | 'Linking',
): AppError {
  if (error instanceof AppError) return error
  const name = error instanceof Error ? error.name : typeof error
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  console.error(
    JSON.stringify({ event: 'sign_in.failed', provider: provider.id, requestId: c.get('requestId'), name, code }),
  )
  return new AppError('bad_request', `${what} ${provider.name} did not work. Try again.`)
}
