import type { CheckAnswer, CheckResult, HttpCheck } from './check.ts'

/** A service binding to a probe. */
interface Probe {
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** Has a probe make checks. Throws when it cannot be asked. */
export async function askProbe(probe: Probe, checks: HttpCheck[], signal: AbortSignal): Promise<CheckResult[]> {
  const response = await probe.fetch('https://probe/check', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ checks }),
    signal,
  })
  if (!response.ok) throw new Error(`The probe answered ${response.status}.`)
  const { results } = await response.json<CheckAnswer>()
  return results
}
