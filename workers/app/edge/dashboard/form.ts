import type { Context } from 'hono'
import { AppError, ERROR_STATUS, type FieldError } from '../../../../shared/errors.ts'
import type { FormState, Values } from '../../pages/components/form.tsx'
import type { Edge } from '../context.ts'

const MAX_FORM_BYTES = 128 * 1024

/** What a person typed. Throws for what is no form, and for one that is too large. */
export async function formOf(c: Context<Edge>): Promise<Values> {
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw new AppError('unsupported_media_type', 'This page takes a form.')
  // Not `text()`: the runtime warns of it for this content type, once a form.
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength > MAX_FORM_BYTES) throw new AppError('too_large', 'This form is too large.')
  const form = new URLSearchParams(new TextDecoder().decode(bytes))
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name)
      return [name, values.length > 1 ? values : values[0]]
    }),
  )
}

export const textOf = (values: Values, name: string): string => {
  const value = values[name]
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? ''
}

export const listOf = (values: Values, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** A number that was typed; text that is none stays what it is, so that the contract can say what is wrong. */
export const numberOf = (values: Values, name: string): unknown => {
  const text = textOf(values, name)
  return /^\d{1,9}$/.test(text) ? Number(text) : text
}

/** The status of a form that comes back: 429 where it was sent too often, else 422. */
export const statusOf = (error: unknown): number =>
  error instanceof AppError && error.code === 'rate_limited' ? ERROR_STATUS.rate_limited : ERROR_STATUS.invalid

/** What was wrong with a form, as its page shows it. Anything that is not about the form is thrown on. */
export function refused(error: unknown, values: Values): FormState {
  const aboutForm = ['invalid', 'conflict', 'limit_reached', 'plan_required', 'too_large', 'rate_limited']
  if (!(error instanceof AppError) || !aboutForm.includes(error.code)) throw error
  const errors: FieldError[] = error.fields?.length ? error.fields : [{ field: '', message: error.message }]
  return { values, errors }
}
