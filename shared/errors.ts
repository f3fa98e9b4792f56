/** What can go wrong, for people. The code is stable; the message says what happened and what to do about it. */

export const ERROR_STATUS = {
  bad_request: 400,
  unauthorized: 401,
  plan_required: 402,
  limit_reached: 402,
  forbidden: 403,
  account_ending: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  idempotency_mismatch: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
  log_tampered: 503,
  busy: 503,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

export interface FieldError {
  /** Path of the field in the input, dotted: `headers.0.key`. */
  field: string
  message: string
}

/** The only error class. Causes are logged where they are caught; they never travel to a client. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined

  constructor(code: ErrorCode, message: string, fields?: FieldError[]) {
    super(message)
    this.code = code
    this.fields = fields
  }
}

/** How a Durable Object answers: it never throws across RPC, because thrown classes are lost there. */
export type Result<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; message: string; fields?: FieldError[] }

export function failure(error: AppError): Result<never> {
  return { ok: false, code: error.code, message: error.message, ...(error.fields && { fields: error.fields }) }
}

/** The value of a result, or the AppError it carries, thrown. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new AppError(result.code, result.message, result.fields)
}
