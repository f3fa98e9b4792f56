import type { CheckResult, HttpCheck } from '../../shared/domain/check.ts'
import { guard } from './address-guard.ts'
import { classifyError, classifyStatus, type Failure } from './classify.ts'
import type { ProbeEnv } from './env.ts'
import { evidenceOf, noEvidence, unread } from './evidence.ts'
import { redact } from './redact.ts'

const MAX_HOPS = 10
/** Somebody who is not signed in has no more requests made than this, whatever the target answers. */
const MAX_OPEN_HOPS = 3
const MAX_TIMEOUT_MS = 60_000
const USER_AGENT = 'Candor-Probe/1.0'
const userAgentOf = ({ open }: HttpCheck) => (open ? `Candor-Check/1.0 (+${open.page})` : USER_AGENT)
/** A reason phrase is the target's own text and has no limit. */
const MAX_MESSAGE = 400

const OWN_FAULT: Failure = { errorClass: 'probe_internal', message: 'The check could not be made on our side.' }

interface Hop {
  url: string
  method: string
  headers: [string, string][]
  body: string | null
}

function firstHop(check: HttpCheck): Hop {
  const headers = check.headers.map(({ key, value }): [string, string] => [key, value])
  const body = ['GET', 'HEAD'].includes(check.method) ? null : check.body
  return { url: check.url, method: check.method, headers, body }
}

/** Null when the runtime refuses to make a request of it (a header or method it does not take): our fault, not the target's. */
function requestOf(url: URL, hop: Hop, userAgent: string, signal: AbortSignal): Request | null {
  try {
    const headers = new Headers(hop.headers)
    if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
    if (hop.body !== null && !headers.has('content-type')) headers.set('content-type', 'application/json')
    const { method, body } = hop
    return new Request(url, { method, headers, body, redirect: 'manual', cache: 'no-store', signal })
  } catch {
    return null
  }
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
  const kept = sameOrigin ? hop.headers : []
  const headers = becomesGet ? kept.filter(([key]) => !/^content-/i.test(key)) : kept
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
  const maxHops = check.open ? MAX_OPEN_HOPS : MAX_HOPS
  const result = (failure: Failure, rest: Partial<CheckResult> = {}): CheckResult =>
    redact(check, {
      id: check.id,
      region: env.REGION,
      at,
      latencyMs: Math.round(performance.now() - started),
      status: 0,
      evidence: noEvidence(hops),
      errorClass: failure.errorClass,
      message: failure.message.slice(0, MAX_MESSAGE),
      ...rest,
    })
  let hop: Hop | null = firstHop(check)
  try {
    while (hop !== null && hops.length <= maxHops) {
      const guarded = await guard(hop.url, env, signal, check.open)
      if (!guarded.ok) {
        const lead = hops.length > 0 ? 'The redirect was not followed. ' : ''
        return result({ errorClass: guarded.errorClass, message: lead + guarded.message })
      }
      const request = requestOf(guarded.url, hop, userAgentOf(check), signal)
      if (!request) return result(OWN_FAULT)
      hops.push(hop.url)
      const response: Response = await fetch(request)
      const latencyMs = Math.round(performance.now() - started)
      const next: Hop | null = check.followRedirects ? nextHop(hop, response) : null
      if (next === null) {
        const evidence = check.open ? await unread(response, hops) : await evidenceOf(response, hops)
        return result(classifyStatus(response, check.followRedirects), { latencyMs, status: response.status, evidence })
      }
      await response.body?.cancel()
      hop = next
    }
    return result({ errorClass: 'http', message: `Redirected more than ${maxHops} times.` })
  } catch (error) {
    return result(classifyError(error, hop && URL.canParse(hop.url) ? new URL(hop.url) : null, timeoutMs))
  }
}
