import type { z } from 'zod'
import { AppError, type FieldError } from '../../../shared/errors.ts'

/** What is wrong, by field. A field that the contract does not know is named itself, not what it stands in. */
export function fieldErrors(error: z.ZodError, ...at: string[]): FieldError[] {
  return error.issues.flatMap((issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    return paths.map((path) => ({ field: [...at, ...path].join('.'), message: issue.message }))
  })
}

/** Input as a contract wants it, or `invalid` with the fields that are wrong. */
export function parseInput<T>(contract: { input: z.ZodType<T> }, input: unknown): T {
  const parsed = contract.input.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = fieldErrors(parsed.error)
  throw new AppError('invalid', fields[0]?.message ?? 'This is not complete.', fields)
}
