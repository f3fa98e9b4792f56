/** What the scheduler asks of a probe, and what a probe answers. Carried as JSON over a service binding. */

/** Why a check failed. `probe_internal` is never the target's fault. */
export const ERROR_CLASSES = [
  'none',
  'dns',
  'connect',
  'tls',
  'timeout',
  'http',
  'assertion',
  'address_refused',
  'probe_internal',
] as const
export type ErrorClass = (typeof ERROR_CLASSES)[number]

export interface HttpCheck {
  /** Echoed in the result. */
  id: string
  kind: 'http'
  url: string
  method: string
  headers: { key: string; value: string }[]
  body: string | null
  /** Milliseconds for the whole check, redirects and body included; at most 60,000. */
  timeoutMs: number
  followRedirects: boolean
  /** Asked for by somebody who is not signed in. Absent: a monitor's check. */
  open?: OpenCheck
}

/** A check for anybody: public addresses on the standard ports, few redirects, and nothing kept of what was answered. */
export interface OpenCheck {
  /** Whether targets that are configured although they are private may be reached: on one machine only. */
  listed: boolean
  /** The page that says what this is, for whoever reads the target's log. */
  page: string
}

export type Check = HttpCheck

/** Kept only for failures, transitions and the last results. Already redacted and capped by the probe. */
export interface Evidence {
  /** `HTTP 503 Service Unavailable`, or null when no answer came. */
  statusLine: string | null
  headers: { key: string; value: string }[]
  /** First 2 KB as text. */
  body: string
  /** URLs passed on the way, the final one last. */
  hops: string[]
}

export interface CheckResult {
  id: string
  region: string
  /** When the check began, Unix milliseconds. */
  at: number
  /** Whole milliseconds until the headers of the final answer, or until the failure. */
  latencyMs: number
  /** HTTP status of the final answer; 0 when none came. */
  status: number
  errorClass: ErrorClass
  /** One clear sentence, without internals; empty when the check passed. */
  message: string
  evidence: Evidence
}

export interface CheckRequest {
  checks: Check[]
}
export interface CheckAnswer {
  results: CheckResult[]
}

/** `POST /send`: one outgoing message to an address that a user typed (webhook, test message). */
export interface SendRequest {
  url: string
  method: 'POST' | 'PUT'
  headers: { key: string; value: string }[]
  body: string
  timeoutMs: number
}
export interface SendAnswer {
  /** 0 when no answer came. */
  status: number
  errorClass: ErrorClass
  message: string
  /** First 1 KB of the answer as text. */
  bodyStart: string
  latencyMs: number
  /** Seconds that the receiver asked us to wait (`Retry-After`), or null. */
  retryAfterSeconds: number | null
}
