import { AppError, ERROR_STATUS, type ErrorCode, type FieldError } from '../../../shared/errors.ts'

const TITLES: Record<ErrorCode, string> = {
  bad_request: 'The request cannot be read',
  unauthorized: 'Not signed in',
  plan_required: 'Not part of your plan',
  limit_reached: 'A limit of your plan is reached',
  account_ending: 'Account is being deleted',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'This method is not available here',
  conflict: 'In conflict with what is there',
  too_large: 'Too large',
  unsupported_media_type: 'Unknown content type',
  invalid: 'Something is not right in the request',
  idempotency_mismatch: 'The idempotency key belongs to another request',
  rate_limited: 'Too many requests',
  internal: 'Something went wrong on our side',
  unavailable: 'Not available just now',
  log_tampered: 'The audit log does not match its copy',
  busy: 'Too busy',
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode
  requestId: string
  errors?: FieldError[]
}

/** An error as RFC 9457 has it. */
export function problemOf(error: AppError, requestId: string): Problem {
  return {
    type: `urn:candor:problem:${error.code}`,
    title: TITLES[error.code],
    status: ERROR_STATUS[error.code],
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.fields && { errors: error.fields }),
  }
}

/** Whatever was thrown, as an error for people; its cause goes to the log. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) {
    // Ours to mend, so the log has to say it: a setting that is missing, a value that cannot be opened.
    if (error.code === 'internal')
      console.error(JSON.stringify({ event: 'request.failed', requestId, message: error.message }))
    return error
  }
  // Not the message: a driver's message can hold the values that were bound.
  const name = error instanceof Error ? error.name : typeof error
  const stack = error instanceof Error ? error.stack?.split('\n').slice(1, 4).join(' ') : undefined
  console.error(JSON.stringify({ event: 'request.failed', requestId, name, stack }))
  return new AppError('internal', 'Something went wrong on our side. Try again; if it stays, tell us the request id.')
}
