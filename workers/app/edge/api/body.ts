import { AppError } from '../../../../shared/errors.ts'

const NO_TEXT = 'The body has text that is not Unicode: half of a surrogate pair, or bytes that are not UTF-8.'

/** Half a character cannot be stored as it is: the row would say something else than its entry. */
function wellFormed(name: string, value: unknown): unknown {
  if (!name.isWellFormed() || (typeof value === 'string' && !value.isWellFormed()))
    throw new AppError('bad_request', NO_TEXT)
  return value
}

function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new AppError('bad_request', NO_TEXT)
  }
}

/** The JSON object of a request; an empty body is an empty object. Throws for another content type and for other JSON. */
export async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  // Not `text()`: the runtime warns of it for a content type that is none of text.
  const text = decoded(await request.arrayBuffer())
  if (text === '') return {}
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new AppError('unsupported_media_type', 'Send JSON, with `Content-Type: application/json`.')
  let body: unknown
  try {
    body = JSON.parse(text, wellFormed)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('bad_request', 'The body is not valid JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('bad_request', 'The body has to be a JSON object.')
  return body as Record<string, unknown>
}
