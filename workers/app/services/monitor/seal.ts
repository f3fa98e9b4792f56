import type { MutationContext } from '../mutation.ts'

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
