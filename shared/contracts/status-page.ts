import { z } from 'zod'
import { id, line } from './common.ts'

const fields = {
  title: line('The title', 128),
  slug: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/, 'The address has 3 to 63 lower-case letters, digits and hyphens.'),
  monitorIds: z
    .array(id('monitor'))
    .max(100, 'A page shows at most 100 monitors.')
    .refine((ids) => new Set(ids).size === ids.length, 'A monitor stands on a page once.'),
}

export const CreateStatusPage = z.strictObject({
  title: fields.title,
  slug: fields.slug,
  monitorIds: fields.monitorIds.default([]),
})
export type CreateStatusPage = z.infer<typeof CreateStatusPage>

export const UpdateStatusPage = z.strictObject({
  id: id('statusPage'),
  title: fields.title.optional(),
  slug: fields.slug.optional(),
  monitorIds: fields.monitorIds.optional(),
})
export type UpdateStatusPage = z.infer<typeof UpdateStatusPage>

export interface StatusPageView {
  id: string
  title: string
  slug: string
  /** In the order shown. */
  monitorIds: string[]
  createdAt: string
  updatedAt: string
}
