import type { Context } from 'hono'
import type { PublicStatus } from '../../pages/public-status.ts'
import type { Edge } from '../context.ts'
import { lookUp } from './look-up.ts'

/** A form in which a status page is given out. */
export interface Representation {
  type: string
  /** Days of figures that it shows. */
  days: number
  /** Styles that stand in it: allowed by their hash, and nothing else is. */
  styles?: string
  /** Whether pages of others may read it: only what is data, and nothing but that. */
  shared?: true
  render(status: PublicStatus, c: Context<Edge>, now: number): string
}

const digest = async (text: string) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...hash))
}

/** Hashes of the few constant sheets, made once an isolate. */
const stylesHashes = new Map<string, string>()

async function policyOf(styles: string | undefined): Promise<string> {
  if (styles !== undefined && !stylesHashes.has(styles)) stylesHashes.set(styles, await digest(styles))
  return [
    "default-src 'none'",
    ...(styles === undefined ? [] : [`style-src 'sha256-${stylesHashes.get(styles)}'`, 'img-src data:']),
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

/** Whether a browser or a cache has this copy. RFC 9110, 13.1.2: `*`, or a list, compared weakly, for a proxy that compresses weakens. */
const hasCopy = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')))

/**
 * A status page in one of its forms. It depends on its address alone, the query with it, so there is nothing to vary by:
 * whoever asks, with whatever cookie, gets the same.
 */
export async function answer(c: Context<Edge>, representation: Representation): Promise<Response> {
  const now = Date.now()
  const { type, days, styles, shared, render } = representation
  const text = render(await lookUp(c, days, now), c, now)
  const etag = `"${(await digest(text)).slice(0, 27)}"`
  const headers = {
    etag,
    'cache-control': 'public, max-age=15, stale-while-revalidate=60',
    'content-security-policy': await policyOf(styles),
    'content-type': `${type}; charset=utf-8`,
    'cross-origin-resource-policy': 'cross-origin',
    ...(shared && { 'access-control-allow-origin': '*' }),
  }
  if (hasCopy(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
  return c.body(text, 200, headers)
}
