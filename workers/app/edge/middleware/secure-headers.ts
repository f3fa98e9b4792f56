import { createMiddleware } from 'hono/factory'
import { configOf } from '../../bindings.ts'
import type { Edge } from '../context.ts'

const DASHBOARD_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const PERMISSIONS =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()'

/** Headers of every answer, errors included. A route that needs another policy has set it already. */
export const secureHeaders = createMiddleware<Edge>(async (c, next) => {
  await next()
  const set = (name: string, value: string) => c.res.headers.has(name) || c.res.headers.set(name, value)
  // An answer of the asset binding has headers that cannot be changed.
  c.res = new Response(c.res.body, c.res)
  set('Content-Security-Policy', DASHBOARD_POLICY)
  set('X-Content-Type-Options', 'nosniff')
  set('X-Frame-Options', 'DENY')
  set('Referrer-Policy', 'strict-origin-when-cross-origin')
  set('Cross-Origin-Opener-Policy', 'same-origin')
  set('Cross-Origin-Resource-Policy', 'same-origin')
  set('Cross-Origin-Embedder-Policy', 'require-corp')
  set('Permissions-Policy', PERMISSIONS)
  set('Cache-Control', 'no-store')
  if (configOf(c.env).production) set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains; preload')
})
