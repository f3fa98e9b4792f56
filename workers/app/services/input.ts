import type { z } from 'zod'
import { AppError, type FieldError } from '../../../shared/errors.ts'

/** Input as a contract wants it, or `invalid` with the fields that are wrong. */
export function parseInput<T>(contract: { input: z.ZodType<T> }, input: unknown): T {
  const parsed = contract.input.safeParse(input)
  if (parsed.success) return parsed.data
  const fields: FieldError[] = parsed.error.issues.map((issue) => ({
    field: issue.path.join('.'),
    message: issue.message,
  }))
  throw new AppError('invalid', fields[0]?.message ?? 'This is not complete.', fields)
}
