import type { CheckResult, HttpCheck } from '../../shared/domain/check.ts'
import { guard } from './address-guard.ts'
import { classifyError, classifyStatus, type Failure } from './classify.ts'
import type { ProbeEnv } from './env.ts'
import { evidenceOf, noEvidence } from './evidence.ts'

const MAX_HOPS = 10
const MAX_TIMEOUT_MS = 60_000
const USER_AGENT = 'Candor-Probe/1.0'

interface Hop {
  url: string
  method: string
  headers: Headers
  body: string | null
}

function firstHop(check: HttpCheck): Hop {
  const headers = new Headers(check.headers.map(({ key, value }) => [key, value] as [string, string]))
  if (!headers.has('user-agent')) headers.set('user-agent', USER_AGENT)
  const body = ['GET', 'HEAD'].includes(check.method) ? null : check.body
  if (body !== null && !headers.has('content-type')) headers.set('content-type', 'application/json')
  return { url: check.url, method: check.method, headers, body }
}

/** The request after a redirect (WHATWG fetch, HTTP-redirect fetch). Headers that people set stay on their origin. */
function nextHop(hop: Hop, response: Response): Hop | null {
  const location = response.headers.get('location')
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return null
  if (!URL.canParse(location, hop.url)) return null
  const url = new URL(location, hop.url)
  const sameOrigin = url.origin === new URL(hop.url).origin
  const becomesGet =
    (response.status === 303 && hop.method !== 'HEAD') || (response.status < 303 && hop.method === 'POST')
  const headers = sameOrigin ? new Headers(hop.headers) : new Headers({ 'user-agent': USER_AGENT })
  if (becomesGet) headers.delete('content-type')
  const body = becomesGet || !sameOrigin ? null : hop.body
  return { url: url.href, method: becomesGet ? 'GET' : hop.method, headers, body }
}

/** One HTTP check. Never throws: whatever happens is a result. */
export async function checkHttp(check: HttpCheck, env: ProbeEnv): Promise<CheckResult> {
  const at = Date.now()
  const started = performance.now()
  const timeoutMs = Math.min(check.timeoutMs, MAX_TIMEOUT_MS)
  const signal = AbortSignal.timeout(timeoutMs)
  const hops: string[] = []
  const result = (failure: Failure, rest: Partial<CheckResult> = {}): CheckResult => ({
    id: check.id,
    region: env.REGION,
    at,
    latencyMs: Math.round(performance.now() - started),
    status: 0,
    evidence: noEvidence(hops),
    ...failure,
    ...rest,
  })
  let hop: Hop | null = firstHop(check)
  try {
    while (hop !== null && hops.length <= MAX_HOPS) {
      const guarded = await guard(hop.url, env, signal)
      if (!guarded.ok) return result({ errorClass: guarded.errorClass, message: guarded.message })
      hops.push(hop.url)
      const { method, headers, body } = hop
      const response: Response = await fetch(guarded.url, {
        method,
        headers,
        body,
        redirect: 'manual',
        cache: 'no-store',
        signal,
      })
      const latencyMs = Math.round(performance.now() - started)
      const next: Hop | null = check.followRedirects ? nextHop(hop, response) : null
      if (next === null) {
        const evidence = await evidenceOf(response, hops)
        return result(classifyStatus(response, check.followRedirects), { latencyMs, status: response.status, evidence })
      }
      await response.body?.cancel()
      hop = next
    }
    return result({ errorClass: 'http', message: `Redirected more than ${MAX_HOPS} times.` })
  } catch (error) {
    return result(classifyError(error, hop && URL.canParse(hop.url) ? new URL(hop.url) : null, timeoutMs))
  }
}
