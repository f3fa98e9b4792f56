import { z } from 'zod'
import { id, line, type SecretView } from './common.ts'

/** The config of a kind is checked by its provider (workers/app/notifications/providers). All its fields are write-only. */
const Config = z.record(z.string().max(64), z.string().max(4096))

export const CreateIntegration = z.strictObject({
  kind: z.string().max(32),
  name: line('The name', 128),
  config: Config,
})
export type CreateIntegration = z.infer<typeof CreateIntegration>

/** A config that is given replaces the one that is set; what is left out of it is kept. */
export const UpdateIntegration = z.strictObject({
  id: id('integration'),
  name: line('The name', 128).optional(),
  config: Config.optional(),
})
export type UpdateIntegration = z.infer<typeof UpdateIntegration>

export interface IntegrationView {
  id: string
  kind: string
  name: string
  config: Record<string, SecretView>
  createdAt: string
  updatedAt: string
}

/** One message to one integration: how it went. */
export interface DeliveryView {
  id: string
  integrationId: string
  event: string
  incidentId: string | null
  status: 'waiting' | 'delivered' | 'failed'
  attempts: number
  message: string
  createdAt: string
  deliveredAt: string | null
}
