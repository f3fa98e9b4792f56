import { z } from 'zod'

/** Base64 of 24 to 64 bytes, with its padding or without. What comes back otherwise than it went in could not sign. */
function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, '')
  try {
    const bytes = atob(base64)
    const padded = btoa(bytes)
    const forms = [padded, padded.replace(/=+$/, '')]
    return bytes.length >= 24 && bytes.length <= 64 && forms.includes(base64)
  } catch {
    return false
  }
}

/** Standard Webhooks: `whsec_` (optional) and 24 to 64 bytes in base64. */
const SigningSecret = z
  .string()
  .refine(isSigningSecret, 'A signing secret is 24 to 64 bytes in base64, with or without whsec_ before it.')

export const WebhookConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'The URL starts with http:// or https://.' })
    .max(2048, 'The URL has at most 2,048 characters.'),
  secret: SigningSecret.optional(),
})

export type WebhookConfig = z.infer<typeof WebhookConfig>

const asFields = (contract: z.ZodType) => contract as z.ZodType<Record<string, string>>

/** What each kind of integration needs. Every field is a secret: it is sealed, and never shown again. */
export const PROVIDER_CONFIGS = { webhook: asFields(WebhookConfig) }

/** The contract of a kind, or undefined where there is no such kind. */
export const providerConfig = (kind: string): z.ZodType<Record<string, string>> | undefined =>
  Object.entries(PROVIDER_CONFIGS).find(([known]) => known === kind)?.[1]
