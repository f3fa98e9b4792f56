import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Env } from '../../workers/app/bindings.ts'
import { edge } from '../../workers/app/edge/app.ts'

export const PUBLIC = 'https://candor.example'
export const STATUS = 'https://status.example'

/** What an operator sets on the platform: https, a host for status pages, no machine under the desk. */
export const DEPLOYED: Partial<Env> = {
  DEPLOYMENT: 'production',
  JURISDICTION: 'none',
  PUBLIC_URL: PUBLIC,
  STATUS_URL: STATUS,
  MAIL_DRIVER: 'none',
  MAILBOX: undefined,
}
export const deployed = (vars: Partial<Env> = {}): Env => ({ ...env, ...DEPLOYED, ...vars })

const app = edge()

/** A request to a deployment, at any of its hosts. */
export async function askAt(url: string, init: RequestInit = {}, configured: Env = deployed()): Promise<Response> {
  const context = createExecutionContext()
  const response = await app.request(url, { redirect: 'manual', ...init }, configured, context)
  await waitOnExecutionContext(context)
  return response
}
