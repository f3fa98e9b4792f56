import { z } from 'zod'
import { idPattern, type Noun } from '../ids.ts'

/** Where a request came in. */
export const SURFACES = ['dashboard', 'api', 'mcp', 'slack', 'system'] as const
export type Surface = (typeof SURFACES)[number]

/** What a credential may do. Everything that sends something out or reveals a secret is `write`. */
export const SCOPES = ['read', 'write'] as const
export type Scope = (typeof SCOPES)[number]

/** Weakest first: each may do what the ones before it may. */
export const ROLES = ['viewer', 'member', 'admin', 'owner'] as const
export type Role = (typeof ROLES)[number]

/** Whether a role may do what needs another one. */
export const reaches = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

export const PLANS = ['free', 'pro'] as const
export type Plan = (typeof PLANS)[number]

/** How a secret is shown, everywhere: whether it is set, and a keyed fingerprint that changes when it does. */
export type SecretView = { set: true; fingerprint: string } | { set: false }

/** A collection: pass `nextCursor` as `cursor` to get the next page; null at the end. */
export interface Page<T> {
  data: T[]
  nextCursor: string | null
}

export const id = (noun: Noun) => z.string().regex(idPattern(noun), `This is not the id of a ${noun}.`)

/** One line of text for people: trimmed, without control characters. */
export const line = (what: string, max: number) =>
  z
    .string(`${what} is a text.`)
    .trim()
    .min(1, `${what} is missing.`)
    .max(max, `${what} has at most ${max} characters.`)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u, `${what} has characters that cannot be shown.`)

const LIMIT = '`limit` is a number from 1 to 100.'

export const PageRequest = z.strictObject({
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(100, LIMIT).default(50),
  cursor: z.string().max(200, 'This cursor is not one of ours. Start again without it.').optional(),
})
export type PageRequest = z.infer<typeof PageRequest>

export const ById = (noun: Noun) => z.strictObject({ id: id(noun) })
