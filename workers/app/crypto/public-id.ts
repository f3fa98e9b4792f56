import { encodeHexLowerCase } from '@oslojs/encoding'
import { utf8 } from './bytes.ts'

const VERSION_8 = 0x80
const VARIANT = 0x80

/**
 * What the public calls something on a status page: a UUID (version 8 of RFC 9562), made of the page's id and its own.
 * It stays the same when things are renamed or move, differs from page to page, and leads to no id of a workspace.
 */
export async function publicId(pageId: string, id: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', utf8(`candor/public-id/v1\n${pageId}\n${id}`))
  const bytes = new Uint8Array(hash).subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | VERSION_8
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | VARIANT
  return encodeHexLowerCase(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
