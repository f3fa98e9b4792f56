import type { Env } from '../bindings.ts'
import type { Credential } from '../services/context.ts'

/** What the middleware leaves for the routes. */
export interface Variables {
  requestId: string
  /** Checked as far as that goes without I/O; null when there is none. */
  credential: Credential | null
  /** Which surface the request came in on. */
  surface: 'api' | 'dashboard'
}

export type Edge = { Bindings: Env; Variables: Variables }
