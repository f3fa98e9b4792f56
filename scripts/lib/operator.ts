import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fail } from './fail.ts'
import { origin, ROOT } from './settings.ts'

const TIMEOUT_MS = 600_000

/** Where Candor answers. The key goes there, so plain http is for this machine only. */
export const operatorUrl = (url: string | undefined): string =>
  url === undefined ? origin('PUBLIC_URL', process.env.PUBLIC_URL || 'http://localhost:8787') : origin('--url', url)

/** The operator's key: of the environment, or of the state folder of this machine. */
export function operatorKey(): string {
  if (process.env.OPERATOR_KEY) return process.env.OPERATOR_KEY
  const path = join(resolve(process.env.STATE_DIR || join(ROOT, '.candor')), 'secrets.json')
  if (!existsSync(path)) fail(`There is no operator’s key: set OPERATOR_KEY, or STATE_DIR to the folder of ${path}.`)
  try {
    const { OPERATOR_KEY } = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof OPERATOR_KEY === 'string') return OPERATOR_KEY
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return fail(`The operator’s key cannot be read from ${path}${code ? ` (${code})` : ''}.`)
  }
  return fail(`There is no OPERATOR_KEY in ${path}: start Candor once, and it is made.`)
}

async function post(url: string, key: string, path: string, body: object): Promise<Response> {
  try {
    return await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch {
    return fail(`No Candor answers at ${url}. Start it, or say with --url where it is.`)
  }
}

/** What went wrong, in one sentence. */
function refusal(status: number, url: string, problem: { code?: string; detail?: string }): string {
  if (status === 401) return `The Candor at ${url} does not take this operator’s key.`
  if (status === 404 && problem.detail === 'There is nothing at this address.')
    return `The Candor at ${url} has no operator’s key, so it takes no command. Set OPERATOR_KEY there.`
  return problem.detail ?? `What answers at ${url} is no Candor: it said ${status}.`
}

/** Asks a running Candor. A refusal is its one sentence and exit code 1. */
export async function askOperator<Answer>(url: string, key: string, path: string, body: object): Promise<Answer> {
  const response = await post(url, key, path, body)
  const answer = (await response.json().catch(() => null)) as Record<string, string> | null
  if (!response.ok || (answer?.workspace === undefined && answer?.keys === undefined))
    fail(refusal(response.status, url, answer ?? {}))
  return answer as Answer
}
