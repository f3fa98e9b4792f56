import { z } from 'zod'
import { line, SCOPES, type Scope } from './common.ts'

export const CreateApiKey = z.strictObject({
  name: line('The name', 128),
  scope: z.enum(SCOPES, 'The scope is "read" or "write".').default('read'),
  /** null: never, said on purpose. */
  expiresInDays: z
    .int()
    .min(1, 'A key lasts at least one day.')
    .max(730, 'A key lasts at most 730 days.')
    .nullable()
    .default(90),
})
export type CreateApiKey = z.infer<typeof CreateApiKey>

export interface ApiKeyView {
  id: string
  name: string
  scope: Scope
  createdBy: string
  /** Whose role it acts with instead, after whoever made it was removed. */
  handedTo: string | null
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** When the one who made it was told that it ends soon. */
  remindedAt: string | null
  /** Coarse: the day. */
  lastUsedOn?: string | null
}
