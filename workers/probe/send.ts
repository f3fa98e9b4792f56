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
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_WAIT_SECONDS) : null
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
    const response = await fetch(guarded.url, {
      method: request.method,
      headers: request.headers.map(({ key, value }) => [key, value] as [string, string]),
      body: request.body,
      redirect: 'manual',
      cache: 'no-store',
      signal,
    })
    const wait = retryAfterSeconds(response.headers.get('retry-after'), Date.now())
    const bodyStart = await readText(response, MAX_ANSWER_BYTES)
    return answer({
      status: response.status,
      errorClass: response.ok ? 'none' : 'http',
      message: response.ok ? '' : `Answered ${response.status}.`,
      bodyStart,
      retryAfterSeconds: wait,
    })
  } catch (error) {
    return answer(classifyError(error, URL.canParse(request.url) ? new URL(request.url) : null, timeoutMs))
  }
}
