import { AppError } from '../../../../shared/errors.ts'

const TIMEOUT_MS = 10_000
/** Far more than a discovery document, a set of keys, tokens or a profile has. */
const MAX_BYTES = 64 * 1024

const tooLarge = () =>
  new AppError(
    'unavailable',
    'The identity provider’s answer is larger than 64 KB, so it was not read. Try again later.',
  )
const tooSlow = () =>
  new AppError('unavailable', 'The identity provider did not answer within 10 seconds. Try again in a while.')

type Init = Omit<RequestInit, 'signal'>

/** A whole body of at most `MAX_BYTES`. The rest of a larger one, or of one that comes too late, is not waited for. */
async function bodyOf(response: Response, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader()
  const bytes = new Uint8Array(MAX_BYTES)
  let size = 0
  const stop = () => void reader?.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (signal.aborted) throw tooSlow()
      if (done || value === undefined) return bytes.slice(0, size)
      if (size + value.length > MAX_BYTES) throw tooLarge()
      bytes.set(value, size)
      size += value.length
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** A request to a provider, with its answer read whole: up to a size, and a time. Throws `unavailable` beyond them. */
export async function boundedFetch(url: string, init: Init): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch(url, { ...init, signal })
    const body = await bodyOf(response, signal)
    return new Response(body.length > 0 ? body : null, response)
  } catch (error) {
    throw signal.aborted && !(error instanceof AppError) ? tooSlow() : error
  }
}
