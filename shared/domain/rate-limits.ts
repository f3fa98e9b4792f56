/**
 * How often something may be asked. The platform counts, under the binding of the same name in wrangler.toml, by
 * location and a little behind: a limit is of a rate, not of a number. Periods are 10 or 60 seconds, no others exist.
 */

interface RateLimit {
  /** The binding that counts, in wrangler.toml under the same figures. */
  binding: `RATE_LIMIT_${string}`
  /** Its name in the headers RateLimit-Policy and RateLimit. */
  name: string
  /** What is counted apart. */
  by: 'address' | 'API key' | 'session' | 'workspace' | 'invited address' | 'checked host' | 'everybody'
  limit: number
  /** Seconds. */
  period: 10 | 60
  /** What a refusal says happened. */
  says: string
  /** Whether requests from an unknown address are counted as one, or not at all. */
  unknown?: 'together' | 'not'
}

export const RATE_LIMITS = {
  signIn: {
    binding: 'RATE_LIMIT_SIGN_IN',
    name: 'sign-in',
    by: 'address',
    limit: 60,
    period: 60,
    says: 'Too many sign-ins were tried from your address.',
    unknown: 'together',
  },
  refused: {
    binding: 'RATE_LIMIT_REFUSED',
    name: 'refused',
    by: 'address',
    limit: 30,
    period: 60,
    says: 'Too many credentials that are none of ours came from your address.',
    unknown: 'together',
  },
  apiKey: {
    binding: 'RATE_LIMIT_API_KEY',
    name: 'api-key',
    by: 'API key',
    limit: 600,
    period: 60,
    says: 'Too many requests were made with this API key.',
  },
  session: {
    binding: 'RATE_LIMIT_SESSION',
    name: 'session',
    by: 'session',
    limit: 600,
    period: 60,
    says: 'Too many requests were made in this session.',
  },
  invitations: {
    binding: 'RATE_LIMIT_INVITATIONS',
    name: 'invitations',
    by: 'workspace',
    limit: 20,
    period: 60,
    says: 'Too many invitations were sent from this workspace.',
  },
  invited: {
    binding: 'RATE_LIMIT_INVITED',
    name: 'invited',
    by: 'invited address',
    limit: 2,
    period: 60,
    says: 'This address was invited several times just now.',
  },
  sends: {
    binding: 'RATE_LIMIT_SENDS',
    name: 'sends',
    by: 'workspace',
    limit: 60,
    period: 60,
    says: 'Too many checks and test messages were asked for in this workspace.',
  },
  exports: {
    binding: 'RATE_LIMIT_EXPORTS',
    name: 'exports',
    by: 'workspace',
    limit: 10,
    period: 60,
    says: 'Copies of this workspace or its log were taken too often.',
  },
  statusPage: {
    binding: 'RATE_LIMIT_STATUS_PAGE',
    name: 'status-page',
    by: 'address',
    limit: 300,
    period: 60,
    says: 'Status pages were asked for too often from your address.',
    unknown: 'not',
  },
  deploymentLog: {
    binding: 'RATE_LIMIT_DEPLOYMENT_LOG',
    name: 'deployment-log',
    by: 'address',
    limit: 300,
    period: 60,
    says: 'The deployment log was asked for too often from your address.',
    unknown: 'not',
  },
  openCheck: {
    binding: 'RATE_LIMIT_OPEN_CHECK',
    name: 'open-check',
    by: 'address',
    limit: 10,
    period: 60,
    says: 'Too many URLs were checked from your address.',
    unknown: 'together',
  },
  openTarget: {
    binding: 'RATE_LIMIT_OPEN_TARGET',
    name: 'open-target',
    by: 'checked host',
    limit: 5,
    period: 60,
    says: 'This host was checked several times just now.',
  },
  openChecks: {
    binding: 'RATE_LIMIT_OPEN_CHECKS',
    name: 'open-checks',
    by: 'everybody',
    limit: 100,
    period: 60,
    says: 'Too many URLs are being checked just now.',
  },
} as const satisfies Record<string, RateLimit>

export type RateLimitName = keyof typeof RATE_LIMITS
export type RateLimitBinding = (typeof RATE_LIMITS)[RateLimitName]['binding']

/** Limits that a change declares besides those of whoever makes it: it has something sent, or reads a whole log. */
export type ChangeLimit = Extract<RateLimitName, 'invitations' | 'invited' | 'sends' | 'exports'>
