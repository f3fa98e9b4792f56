import type { ErrorClass } from '../../shared/domain/check.ts'

export interface Failure {
  errorClass: ErrorClass
  message: string
}

const none: Failure = { errorClass: 'none', message: '' }

/**
 * What a thrown fetch means. workerd says no more than this: a refused and a reset connection are both "Network
 * connection lost", and a failed look-up and a bad certificate are both "internal error"; the guard has resolved the
 * name before, so for https the certificate is the likelier of the two.
 */
export function classifyError(error: unknown, url: URL | null, timeoutMs: number): Failure {
  const name = error instanceof Error ? error.name : ''
  const text = error instanceof Error ? error.message : ''
  if (name === 'TimeoutError' || name === 'AbortError')
    return { errorClass: 'timeout', message: `No answer within ${timeoutMs / 1000} s.` }
  if (/internal error/.test(text))
    return url?.protocol === 'https:'
      ? {
          errorClass: 'tls',
          message: 'No secure connection could be made: the certificate or the protocol is not right.',
        }
      : { errorClass: 'dns', message: 'The name could not be resolved.' }
  if (/network connection lost|connection refused|connect|disconnected|reset/i.test(text))
    return { errorClass: 'connect', message: 'The connection was refused or lost.' }
  return { errorClass: 'connect', message: 'No connection could be made.' }
}

/** Statuses that Cloudflare's network makes up for an origin which did not answer properly. */
const SYNTHETIC: Record<number, Failure> = {
  520: { errorClass: 'connect', message: 'The server broke its answer off.' },
  521: { errorClass: 'connect', message: 'The connection was refused.' },
  522: { errorClass: 'timeout', message: 'The connection timed out.' },
  523: { errorClass: 'connect', message: 'The server could not be reached.' },
  524: { errorClass: 'timeout', message: 'The server did not answer in time.' },
  525: { errorClass: 'tls', message: 'No secure connection could be made.' },
  526: { errorClass: 'tls', message: 'The certificate is not valid.' },
  530: { errorClass: 'dns', message: 'The name could not be resolved.' },
}

/** What an answer means: 2xx passes; a redirect passes where redirects are not followed. */
export function classifyStatus(response: Response, followRedirects: boolean): Failure {
  const { status, statusText } = response
  if (status >= 200 && status < (followRedirects ? 300 : 400)) return none
  const synthetic = SYNTHETIC[status]
  // Only the platform's own edge says `server: cloudflare` for these; another server's 520 is its own.
  if (synthetic && response.headers.get('server') === 'cloudflare') return synthetic
  return { errorClass: 'http', message: `Answered ${status}${statusText ? ` ${statusText}` : ''}.` }
}
