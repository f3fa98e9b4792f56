import { z } from 'zod'

/** Standard Webhooks: `whsec_` (optional) and 24 to 64 bytes in base64. */
const SigningSecret = z
  .string()
  .regex(
    /^(?:whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$/,
    'A signing secret is 24 to 64 bytes in base64, with or without whsec_ before it.',
  )

export const WebhookConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'The URL starts with http:// or https://.' })
    .max(2048, 'The URL has at most 2,048 characters.'),
  secret: SigningSecret.optional(),
})

/** What each kind of integration needs. Every field is a secret: it is sealed, and never shown again. */
export const PROVIDER_CONFIGS: Record<string, z.ZodType<Record<string, string>>> = {
  webhook: WebhookConfig as z.ZodType<Record<string, string>>,
}
