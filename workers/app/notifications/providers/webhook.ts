import { PROVIDER_CONFIGS, type WebhookConfig } from '../../../../shared/contracts/providers.ts'
import type { AlertEvent } from '../../../../shared/domain/alert.ts'
import { signWebhook } from '../../crypto/signature.ts'
import type { Provider } from '../provider.ts'

const TIMEOUT_MS = 10_000

const bodyOf = ({ type, at, ...data }: AlertEvent) => JSON.stringify({ type, timestamp: at, data })

/** A POST that is signed as Standard Webhooks 1.0 has it. */
export const webhook: Provider = {
  kind: 'webhook',
  name: 'Webhook',
  config: PROVIDER_CONFIGS.webhook,
  async render(event, config, delivery) {
    const { url, secret = '' } = config as WebhookConfig
    const body = bodyOf(event)
    const timestampSeconds = Math.floor(delivery.at / 1000)
    return {
      url,
      method: 'POST',
      headers: [
        { key: 'content-type', value: 'application/json' },
        { key: 'user-agent', value: 'Candor-Webhooks/1.0' },
        { key: 'webhook-id', value: delivery.id },
        { key: 'webhook-timestamp', value: String(timestampSeconds) },
        { key: 'webhook-signature', value: await signWebhook({ id: delivery.id, timestampSeconds, body, secret }) },
      ],
      body,
      timeoutMs: TIMEOUT_MS,
    }
  },
}
