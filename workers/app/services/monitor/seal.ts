import type { MutationContext } from '../mutation.ts'
import type { MonitorRow } from './rows.ts'

type Header = { key: string; value: string }

/** Sealed request headers with their fingerprint; nulls for none. */
export async function sealHeaders(context: MutationContext, rowId: string, headers: Header[]) {
  if (headers.length === 0) return { headers: null, headersFingerprint: null }
  const text = JSON.stringify(headers)
  return {
    headers: await context.seal({ table: 'monitor', rowId, column: 'headers' }, text),
    headersFingerprint: await context.fingerprint(text),
  }
}

/** Sealed request body with its fingerprint; nulls for none. */
export async function sealBody(context: MutationContext, rowId: string, body: string | null) {
  if (body === null || body === '') return { body: null, bodyFingerprint: null }
  return {
    body: await context.seal({ table: 'monitor', rowId, column: 'body' }, body),
    bodyFingerprint: await context.fingerprint(body),
  }
}

/** The secrets of a row, opened and sealed again: under the key that is active now. */
export async function resealed(context: MutationContext, { id, headers, body }: MonitorRow) {
  const opened = (column: 'headers' | 'body', sealed: Uint8Array) =>
    context.open({ table: 'monitor', rowId: id, column }, sealed)
  return {
    ...(headers && (await sealHeaders(context, id, JSON.parse(await opened('headers', headers))))),
    ...(body && (await sealBody(context, id, await opened('body', body)))),
  }
}
