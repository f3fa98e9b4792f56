import type { Context } from 'hono'
import type { Edge } from './context.ts'

/**
 * How a page came to be asked for, by what the browser says of it (Fetch Metadata). `ours`: a person followed a link or
 * sent a form of ours, or typed the address, or their client says nothing. `elsewhere`: another site led them here.
 * `embedded`: no person looks at it, because it is a picture, a frame or a script's request, or fetched in advance.
 */
export function navigationOf(c: Context<Edge>): 'ours' | 'elsewhere' | 'embedded' {
  const said = (name: string) => c.req.header(name)
  const inAdvance = /prefetch|prerender/i.test(`${said('sec-purpose')} ${said('purpose')}`)
  if (inAdvance || (said('sec-fetch-dest') ?? 'document') !== 'document') return 'embedded'
  return ['same-origin', 'none'].includes(said('sec-fetch-site') ?? 'none') ? 'ours' : 'elsewhere'
}
