import { z } from 'zod'
import { id } from './common.ts'

const MAX_URL = 2048

/** An https address in its own spelling, without an account in it; anything else is none, which is the empty text. */
function addressOf(text: string): string {
  const url = text.length <= MAX_URL && URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return ''
  // Escapes make it longer than it was.
  return url.href.length <= MAX_URL ? url.href : ''
}

/** A word for a kind of place: `commit`, `gist_content`. */
const Source = z.string().regex(/^\w{1,64}$/)

/** What a scanner has found, one match each. It may say more than this. */
export const SecretMatches = z
  .array(
    z.object({
      token: z.string(),
      type: z.string(),
      url: z.string().transform(addressOf).catch(''),
      source: Source.catch('unknown'),
    }),
    'The body is a list of matches.',
  )
  .max(500, 'A report has at most 500 matches.')
export type SecretMatch = z.infer<typeof SecretMatches>[number]

/** What the scanner is told of a match, in its protocol's words. */
export interface SecretVerdict {
  token_raw: string
  token_type: string
  label: 'true_positive' | 'false_positive'
}

export const RevokeLeakedApiKey = z.strictObject({
  id: id('apiKey'),
  /** SHA-256 of the token, hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  url: z.string().refine((text) => text === addressOf(text), 'The address is https, or empty.'),
  source: Source,
})
