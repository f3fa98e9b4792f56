import { z } from 'zod'
import { isReserved } from '../domain/reserved.ts'
import { id, line, type Plan } from './common.ts'

const fields = {
  name: line('The name', 128),
  slug: z
    .string('The slug is a text.')
    .trim()
    .regex(/^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/, 'The slug has 3 to 63 lower-case letters, digits and hyphens.')
    .refine((slug) => !slug.startsWith('xn--'), 'The slug cannot begin with xn--.')
    .refine((slug) => !isReserved(slug), 'This word is reserved. Choose another slug.'),
}

/** Without a slug, one is made of the name. */
export const CreateWorkspace = z.strictObject({ name: fields.name, slug: fields.slug.optional() })
export type CreateWorkspace = z.infer<typeof CreateWorkspace>

export const RenameWorkspace = z
  .strictObject({ name: fields.name.optional(), slug: fields.slug.optional() })
  .refine(({ name, slug }) => name !== undefined || slug !== undefined, {
    path: ['name'],
    message: 'Give a name or a slug.',
  })
export type RenameWorkspace = z.infer<typeof RenameWorkspace>

export const TransferWorkspace = z.strictObject({ userId: id('user') })
export type TransferWorkspace = z.infer<typeof TransferWorkspace>

/** The name, as it stands there: nobody deletes a workspace by mistake for another one. */
export const DeleteWorkspace = z.strictObject({
  name: z.string('Give the name of the workspace to delete it.').max(128),
})
export type DeleteWorkspace = z.infer<typeof DeleteWorkspace>

export interface WorkspaceView {
  id: string
  name: string
  plan: Plan
  /** Null in workspaces from before there were any. */
  slug: string | null
  createdAt: string
  /** When it is deleted for good; null unless its owner has asked for it. */
  endsAt: string | null
}
