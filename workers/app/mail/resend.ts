import type { Secret } from '../crypto/secret.ts'
import type { Driver, Sent } from './contract.ts'

export interface ResendAccount {
  /** Origin of the API. */
  url: string
  apiKey: Secret
}

const TIMEOUT_MS = 10_000
/** An answer is an id, or a name and a sentence. */
const MAX_ANSWER_BYTES = 4096
/** Longer than a mail of ours is; a service that takes a small one should not be sent a large one by mistake. */
const MAX_MAIL_BYTES = 256 * 1024
/** A queue delays a message by at most 12 hours. */
const MAX_WAIT_SECONDS = 43_200

/** The beginning of an answer, at most so many bytes; the rest is cancelled. */
async function beginOf(response: Response): Promise<string> {
  const reader = response.body?.getReader({ mode: 'byob' })
  if (!reader) return ''
  const { value } = await reader.readAtLeast(MAX_ANSWER_BYTES, new Uint8Array(MAX_ANSWER_BYTES))
  await reader.cancel()
  return new TextDecoder().decode(value)
}

/** The name that Resend gives an error, such as `validation_error`. Its message is left alone: it may name the address. */
const nameOf = (answer: string): string | null => /"name"\s*:\s*"([a-z_]{1,64})"/i.exec(answer)?.[1] ?? null

/** Seconds, as Resend writes `Retry-After`; null for none and for nonsense. */
function waitOf(response: Response): number | null {
  const text = response.headers.get('retry-after') ?? ''
  return /^\d{1,15}$/.test(text) ? Math.min(Number(text), MAX_WAIT_SECONDS) : null
}

/** Client errors that may pass: request timeout, conflict, too early, too many requests. */
const PASSING = [408, 409, 425, 429]
/** The key or the sender's domain is not right, which an operator can mend: nothing is wrong with the mail. */
const OURS = [401, 403]

function judge(response: Response, name: string | null): Sent {
  const { status } = response
  if (status >= 200 && status < 300) return { ok: true, why: `Resend answered ${status}.` }
  const why = `Resend answered ${status}${name === null ? '' : ` (${name})`}.`
  // The id came before, with another content: what the first try said has changed since, and that one was taken.
  if (status === 409 && name === 'invalid_idempotent_request') return { ok: true, why }
  if (status >= 500 || PASSING.includes(status) || OURS.includes(status))
    return { retry: true, why, afterSeconds: waitOf(response) }
  return { refused: true, why }
}

/**
 * Resend over HTTP. The id goes along as `Idempotency-Key`, by which Resend knows a mail for 24 hours: one that is sent
 * again after a crash arrives once. https://resend.com/docs/dashboard/emails/idempotency-keys
 */
export const resendDriver = ({ url, apiKey }: ResendAccount): Driver => ({
  async send({ to, subject, text, html }, { id, from }) {
    const body = JSON.stringify({ from: `${from.name} <${from.address}>`, to: [to], subject, text, html })
    if (body.length > MAX_MAIL_BYTES) return { refused: true, why: 'It is too large.' }
    try {
      const response = await fetch(`${url}/emails`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey.reveal()}`,
          'content-type': 'application/json',
          'idempotency-key': id,
          'user-agent': 'Candor/1.0',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      // The status has come: an answer whose body breaks off is judged all the same.
      return judge(response, nameOf(await beginOf(response).catch(() => '')))
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError'
      const why = late ? 'Resend did not answer in time.' : 'Resend could not be reached.'
      return { retry: true, why, afterSeconds: null }
    }
  },
})
