import { askProbe } from '../../../shared/domain/ask-probe.ts'
import type { CheckResult, HttpCheck } from '../../../shared/domain/check.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { open } from '../crypto/sealed.ts'
import type { Watched } from './store.ts'

/** Checks a call: enough to save calls, few enough that a slow target does not hold many others' results. */
const BATCH = 25
/** On top of the checks' own time limit. */
const GRACE_MS = 5000

/** The check of a monitor, its secrets opened. They live in this value and in the call, nowhere else. */
async function openCheck({ workspaceId, monitor }: Watched, keyring: Keyring): Promise<HttpCheck> {
  const reveal = async (column: 'headers' | 'body', sealed: Uint8Array | null) => {
    if (sealed === null) return null
    return (
      await open(keyring, monitor.keys, { workspaceId, table: 'monitor', rowId: monitor.id, column }, sealed)
    ).reveal()
  }
  const headers = await reveal('headers', monitor.sealedHeaders)
  const { id, kind, url, method, timeoutMs, followRedirects } = monitor
  return {
    id,
    kind,
    url,
    method,
    timeoutMs,
    followRedirects,
    headers: headers === null ? [] : JSON.parse(headers),
    body: await reveal('body', monitor.sealedBody),
  }
}

/** Our own fault: it says nothing about the target. */
const ownFault = (id: string, region: string): CheckResult => ({
  id,
  region,
  at: Date.now(),
  latencyMs: 0,
  status: 0,
  errorClass: 'probe_internal',
  message: 'The check could not be made on our side.',
  evidence: { statusLine: null, headers: [], body: '', hops: [] },
})

/**
 * A time limit that ends with the work. The timer of `AbortSignal.timeout` would run on after it, and an object with a
 * running timer stays awake, and is billed.
 */
async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  try {
    return await work(limit.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Results by the id of their monitor. */
async function callProbe(probe: Fetcher, checks: HttpCheck[]): Promise<Map<string, CheckResult>> {
  if (checks.length === 0) return new Map()
  const longest = Math.max(...checks.map((check) => check.timeoutMs))
  const limitMs = longest * Math.ceil(checks.length / 6) + GRACE_MS
  const results = await within(limitMs, (signal) => askProbe(probe, checks, signal))
  return new Map(results.map((result) => [result.id, result]))
}

function logFailure(region: string, checks: number, error: unknown): void {
  console.error(JSON.stringify({ event: 'probe.failed', region, checks, error: String(error).slice(0, 200) }))
}

/** Has monitors checked from one region; a result for each, in no order. Never throws. */
export async function checkBatch(
  probe: Fetcher,
  region: string,
  batch: Watched[],
  keyring: Keyring,
): Promise<CheckResult[]> {
  // A monitor whose secrets cannot be opened is not checked; the others of its batch are.
  const open = (watched: Watched) =>
    openCheck(watched, keyring).catch((error) => {
      logFailure(region, 1, error)
      return null
    })
  const checks = (await Promise.all(batch.map(open))).filter((check) => check !== null)
  const results = await callProbe(probe, checks).catch((error) => {
    logFailure(region, checks.length, error)
    return new Map<string, CheckResult>()
  })
  return batch.map(({ monitor }) => results.get(monitor.id) ?? ownFault(monitor.id, region))
}

/** Cuts due monitors into calls. */
export function inBatches(due: Watched[]): Watched[][] {
  const sorted = due.toSorted((a, b) => a.monitor.timeoutMs - b.monitor.timeoutMs)
  return Array.from({ length: Math.ceil(sorted.length / BATCH) }, (_, i) => sorted.slice(i * BATCH, (i + 1) * BATCH))
}
