import type { Evidence } from '../../shared/domain/check.ts'
import { readText } from './read.ts'

const MAX_BODY_BYTES = 2048
const MAX_HEADERS = 40
const MAX_VALUE = 256

/** Headers whose values give access to something. */
const CREDENTIALS = /cookie|authorization|token|secret|api-?key|session|signature|password/i

export const noEvidence = (hops: string[] = []): Evidence => ({ statusLine: null, headers: [], body: '', hops })

/** Where an answer was found, and nothing of what it says: its body is cancelled. */
export async function unread(response: Response, hops: string[]): Promise<Evidence> {
  await response.body?.cancel()
  return noEvidence(hops)
}

/** What was answered, short and without credentials. Reads the first 2 KB of the body and cancels the rest. */
export async function evidenceOf(response: Response, hops: string[]): Promise<Evidence> {
  const headers = [...response.headers].slice(0, MAX_HEADERS).map(([key, value]) => ({
    key: key.slice(0, MAX_VALUE),
    value: CREDENTIALS.test(key) ? '[redacted]' : value.slice(0, MAX_VALUE),
  }))
  const statusLine = `HTTP ${response.status} ${response.statusText}`.trim()
  return { statusLine, headers, body: await readText(response, MAX_BODY_BYTES), hops }
}
