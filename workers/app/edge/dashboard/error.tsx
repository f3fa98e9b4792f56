import type { Context } from 'hono'
import { type AppError, ERROR_STATUS } from '../../../../shared/errors.ts'
import { ErrorPage } from '../../pages/error.tsx'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { problemOf } from '../problem.ts'

/** An error as a page: what happened, what to do, and the request id. */
export function errorPage(c: Context<Edge>, error: AppError): Response {
  const requestId = c.get('requestId')
  const { title, detail } = problemOf(error, requestId)
  return page(c, <ErrorPage title={title} message={detail} requestId={requestId} />, ERROR_STATUS[error.code])
}
