import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { renderDocument } from '../pages/document.tsx'
import type { Edge } from './context.ts'

/** A page, whole at the first byte. */
export function page(c: Context<Edge>, content: Child, status: number = 200): Response {
  return c.html(renderDocument(content), status as ContentfulStatusCode)
}
