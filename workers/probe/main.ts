import { z } from 'zod'
import type { CheckAnswer, CheckResult, HttpCheck } from '../../shared/domain/check.ts'
import type { ProbeEnv } from './env.ts'
import { noEvidence } from './evidence.ts'
import { checkHttp } from './http.ts'
import { readText } from './read.ts'
import { send } from './send.ts'

/** 25 checks with the longest bodies and headers that a monitor may have are 3 MB of ASCII. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024
/** A Worker has six connections open at once; a check holds one. */
const CONNECTIONS = 6

const Fields = z.array(z.object({ key: z.string(), value: z.string() }))
const Checks = z.object({
  checks: z
    .array(
      z.object({
        id: z.string(),
        kind: z.literal('http'),
        url: z.string(),
        method: z.string(),
        headers: Fields,
        body: z.string().nullable(),
        timeoutMs: z.int().positive(),
        followRedirects: z.boolean(),
        open: z.object({ listed: z.boolean(), page: z.url() }).optional(),
      }),
    )
    .max(100),
})
const Send = z.object({
  url: z.string(),
  method: z.enum(['POST', 'PUT']),
  headers: Fields,
  body: z.string(),
  timeoutMs: z.int().positive(),
})

/** Our own fault is never the target's: it counts neither for nor against it. */
const ownFault = (check: HttpCheck, env: ProbeEnv): CheckResult => ({
  id: check.id,
  region: env.REGION,
  at: Date.now(),
  latencyMs: 0,
  status: 0,
  errorClass: 'probe_internal',
  message: 'The check could not be made on our side.',
  evidence: noEvidence(),
})

async function checkAll(checks: HttpCheck[], env: ProbeEnv): Promise<CheckAnswer> {
  const waiting = checks.entries()
  const results: CheckResult[] = []
  const lane = async () => {
    for (const [i, check] of waiting) results[i] = await checkHttp(check, env).catch(() => ownFault(check, env))
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, lane))
  return { results }
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    // Cut off at the limit, whatever `content-length` says: half a document is no JSON.
    return JSON.parse(await readText(new Response(request.body), MAX_REQUEST_BYTES))
  } catch {
    return null
  }
}

/** Reached over a service binding only: it has no address of its own. No database, no secret, no state. */
export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (request.method !== 'POST') return new Response(null, { status: 404 })
    const contract = pathname === '/check' ? Checks : pathname === '/send' ? Send : null
    if (contract === null) return new Response(null, { status: 404 })
    const parsed = contract.safeParse(await bodyOf(request))
    if (!parsed.success) return new Response('This is not a request that the probe knows.', { status: 400 })
    return Response.json(
      'checks' in parsed.data ? await checkAll(parsed.data.checks, env) : await send(parsed.data, env),
    )
  },
} satisfies ExportedHandler<ProbeEnv>
