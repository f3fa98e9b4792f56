import type { SendAnswer, SendRequest } from '../../shared/domain/check.ts'
import { guard } from './address-guard.ts'
import { classifyError } from './classify.ts'
import type { ProbeEnv } from './env.ts'
import { readText } from './read.ts'

const MAX_TIMEOUT_MS = 15_000
const MAX_ANSWER_BYTES = 1024
const MAX_WAIT_SECONDS = 86_400

/** Seconds of a `Retry-After` (RFC 9110, 10.2.3): a number or a date; null for none and for nonsense. */
export function retryAfterSeconds(value: string | null, now: number): number | null {
  if (value === null) return null
  const seconds = /^\d{1,15}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_WAIT_SECONDS) : null
}

/** Null when the runtime refuses to make a request of it (a header it does not take): our fault, not the receiver's. */
function requestOf(url: URL, { method, headers, body }: SendRequest, signal: AbortSignal): Request | null {
  try {
    const fields = headers.map(({ key, value }) => [key, value] as [string, string])
    return new Request(url, { method, headers: fields, body, redirect: 'manual', cache: 'no-store', signal })
  } catch {
    return null
  }
}

function messageOf({ ok, status }: Response): string {
  if (ok) return ''
  if (status >= 300 && status < 400)
    return `Answered ${status}, a redirect, and messages do not follow redirects. Enter the final address.`
  return `Answered ${status}.`
}

/** One message. Redirects are not followed: a receiver that moved should be told to its owner, not chased. Never throws. */
export async function send(request: SendRequest, env: ProbeEnv): Promise<SendAnswer> {
  const started = performance.now()
  const timeoutMs = Math.min(request.timeoutMs, MAX_TIMEOUT_MS)
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = (rest: Partial<SendAnswer>): SendAnswer => ({
    status: 0,
    errorClass: 'none',
    message: '',
    bodyStart: '',
    latencyMs: Math.round(performance.now() - started),
    retryAfterSeconds: null,
    ...rest,
  })
  try {
    const guarded = await guard(request.url, env, signal)
    if (!guarded.ok) return answer({ errorClass: guarded.errorClass, message: guarded.message })
    const message = requestOf(guarded.url, request, signal)
    if (!message) return answer({ errorClass: 'probe_internal', message: 'The message could not be sent on our side.' })
    const response = await fetch(message)
    const wait = retryAfterSeconds(response.headers.get('retry-after'), Date.now())
    // The status has come: an answer whose body breaks off was still received, and is not sent again for that.
    const bodyStart = await readText(response, MAX_ANSWER_BYTES).catch(() => '')
    return answer({
      status: response.status,
      errorClass: response.ok ? 'none' : 'http',
      message: messageOf(response),
      bodyStart,
      retryAfterSeconds: wait,
    })
  } catch (error) {
    return answer(classifyError(error, URL.canParse(request.url) ? new URL(request.url) : null, timeoutMs))
  }
}
