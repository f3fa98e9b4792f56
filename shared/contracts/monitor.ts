import { z } from 'zod'
import type { DaySummary, MonitorStatus } from '../domain/schedule.ts'
import { id, line, type SecretView } from './common.ts'

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export const INTERVALS = [30, 60, 120, 300, 600, 1800, 3600] as const

/** Field names as RFC 9110 writes them. */
const HeaderName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'A header name has letters, digits and hyphens.')
  .refine(
    (name) => !/^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect)$/i.test(name),
    'This header is set by the connection itself.',
  )
const HeaderValue = z
  .string()
  .max(4096, 'A header value has at most 4,096 characters.')
  .regex(/^(?:\t|[^\p{Cc}])*$/u, 'A header value is one line.')

export const Headers = z
  .array(z.strictObject({ key: HeaderName, value: HeaderValue }))
  .max(20, 'A monitor sends at most 20 headers.')

const fields = {
  name: line('The name', 256),
  url: z
    .url({ protocol: /^https?$/, error: 'The URL starts with http:// or https://.' })
    .max(2048, 'The URL has at most 2,048 characters.'),
  method: z.enum(METHODS),
  headers: Headers,
  body: z.string().max(32_768, 'The body has at most 32,768 characters.'),
  intervalSeconds: z
    .int()
    .min(30, 'The interval is at least 30 seconds.')
    .max(86_400, 'The interval is at most one day.'),
  timeoutMs: z.int().min(500).max(60_000, 'The time-out is at most 60,000 milliseconds.'),
  degradedAfterMs: z.int().min(1).max(60_000).nullable(),
  followRedirects: z.boolean(),
  active: z.boolean(),
  integrationIds: z.array(id('integration')).max(20, 'A monitor tells at most 20 integrations.'),
}

export const CreateMonitor = z.strictObject({
  name: fields.name,
  kind: z.literal('http', 'The kind is "http".'),
  url: fields.url,
  method: fields.method.default('GET'),
  headers: fields.headers.default([]),
  body: fields.body.nullable().default(null),
  intervalSeconds: fields.intervalSeconds.default(60),
  timeoutMs: fields.timeoutMs.default(10_000),
  degradedAfterMs: fields.degradedAfterMs.default(null),
  followRedirects: fields.followRedirects.default(true),
  active: fields.active.default(true),
  integrationIds: fields.integrationIds.default([]),
})
export type CreateMonitor = z.infer<typeof CreateMonitor>

/** What is left out stays as it is. `headers` and `body` replace what is set; they are never shown again. */
export const UpdateMonitor = z.strictObject({
  id: id('monitor'),
  name: fields.name.optional(),
  url: fields.url.optional(),
  method: fields.method.optional(),
  headers: fields.headers.optional(),
  body: fields.body.nullable().optional(),
  intervalSeconds: fields.intervalSeconds.optional(),
  timeoutMs: fields.timeoutMs.optional(),
  degradedAfterMs: fields.degradedAfterMs.optional(),
  followRedirects: fields.followRedirects.optional(),
  active: fields.active.optional(),
  integrationIds: fields.integrationIds.optional(),
})
export type UpdateMonitor = z.infer<typeof UpdateMonitor>

export interface MonitorView {
  id: string
  name: string
  kind: 'http'
  url: string
  method: (typeof METHODS)[number]
  headers: SecretView
  body: SecretView
  intervalSeconds: number
  timeoutMs: number
  degradedAfterMs: number | null
  followRedirects: boolean
  active: boolean
  integrationIds: string[]
  createdAt: string
  updatedAt: string
}

/** How a monitor stands. Times as RFC 3339. */
export interface MonitorStatusView {
  monitorId: string
  status: MonitorStatus
  since: string | null
  lastCheckedAt: string | null
  lastLatencyMs: number | null
  /** Percent of the measured time that was not down, over the last UTC days, today with them; null: nothing is known. */
  uptime: { days7: number | null; days30: number | null; days90: number | null }
  /** The last ninety UTC days, as far as there were checks; oldest first. */
  days: DaySummary[]
}
