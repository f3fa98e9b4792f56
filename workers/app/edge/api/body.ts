import { AppError } from '../../../../shared/errors.ts'

/** The JSON object of a request; an empty body is an empty object. Throws for another content type and for other JSON. */
export async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  // Not `text()`: the runtime warns of it for a content type that is none of text.
  const text = new TextDecoder().decode(await request.arrayBuffer())
  if (text === '') return {}
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new AppError('unsupported_media_type', 'Send JSON, with `Content-Type: application/json`.')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new AppError('bad_request', 'The body is not valid JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('bad_request', 'The body has to be a JSON object.')
  return body as Record<string, unknown>
}
