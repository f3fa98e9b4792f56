import { z } from 'zod'
import { id } from './common.ts'

const MAX_URL = 2048

/** An https address in its own spelling, without an account in it; anything else is none, which is the empty text. */
const Address = z
  .string()
  .transform((text) => {
    const url = text.length <= MAX_URL && URL.canParse(text) ? new URL(text) : null
    return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : ''
  })
  .catch('')

/** A word for a kind of place: `commit`, `gist_content`. */
const Source = z
  .string()
  .regex(/^\w{1,64}$/)
  .catch('unknown')

/** What a scanner has found, one match each. It may say more than this. */
export const SecretMatches = z
  .array(
    z.object({ token: z.string(), type: z.string(), url: Address, source: Source }),
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
  url: Address,
  source: Source,
})
