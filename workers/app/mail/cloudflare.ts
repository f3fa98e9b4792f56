import type { Driver, Sent } from './contract.ts'

/**
 * Codes of the binding that are about this very mail. The others are about the account (a domain that is not set up, a
 * limit that is reached) or about the moment: an operator or time can mend them.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
const FINAL = [
  'E_VALIDATION_ERROR',
  'E_FIELD_MISSING',
  'E_TOO_MANY_RECIPIENTS',
  'E_CONTENT_TOO_LARGE',
  'E_RECIPIENT_NOT_ALLOWED',
  'E_RECIPIENT_SUPPRESSED',
]

/** The code that the platform gives a refusal, if it gives one. Its message is left alone: it may name the address. */
function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^E_[A-Z_]{1,60}$/.test(code) ? code : null
}

function refusal(error: unknown): Sent {
  const code = codeOf(error)
  const why = code === null ? 'The platform did not take it.' : `The platform did not take it: ${code}.`
  return code !== null && FINAL.includes(code) ? { refused: true, why } : { retry: true, why, afterSeconds: null }
}

/** The platform's own binding. It knows no id of a mail: one that is sent again after a crash arrives twice. */
export const cloudflareDriver = (binding: SendEmail): Driver => ({
  async send({ to, subject, text, html }, { from }) {
    try {
      await binding.send({ from: { name: from.name, email: from.address }, to, subject, text, html })
      return { ok: true, why: 'Taken by the platform.' }
    } catch (error) {
      return refusal(error)
    }
  },
})
