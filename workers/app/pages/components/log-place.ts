import type { Place } from '../shells.tsx'

/** Where a log has its pages, and its part of the API. */
export interface LogPlace {
  /** What its pages are called. */
  title: string
  current: Place
  path: string
  verification: string
  export: string
  api: string
}

const placeOf = (title: string, current: Place, path: string, api: string): LogPlace => ({
  title,
  current,
  path,
  verification: `${path}/verification`,
  export: `${path}/export`,
  api,
})

export const AUDIT_LOG = placeOf('Audit log', '/audit-logs', '/audit-logs', '/v1/audit')
export const ACCOUNT_LOG = placeOf('Account log', '/account', '/account/log', '/v1/account/audit')
