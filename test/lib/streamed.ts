import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Env } from '../../workers/app/bindings.ts'
import { edge } from '../../workers/app/edge/app.ts'
import { ask, ORIGIN, type Person } from './candor.ts'

const app = edge()

interface Opened {
  as?: Person
  headers?: Record<string, string>
  env?: Env
  /** Where it is asked for, when not on this machine. */
  origin?: string
}

/** A page that is read as it comes, part by part, as a browser reads it. */
export async function openPage(path: string, { as, headers, env: asked = env, origin = ORIGIN }: Opened = {}) {
  const sent = new Headers(headers)
  if (as) sent.set('cookie', as.cookie)
  const response = await app.request(
    origin + path,
    { headers: sent, redirect: 'manual' },
    asked,
    createExecutionContext(),
  )
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  let ended = reader === undefined
  const more = async () => {
    const part = await reader?.read()
    if (part?.value) text += part.value
    ended = part?.done ?? true
  }
  return {
    status: response.status,
    headers: response.headers,
    /** Everything that has come so far. */
    soFar: () => text,
    /** Reads on until something stands there. */
    async until(wanted: string): Promise<string> {
      while (!text.includes(wanted) && !ended) await more()
      if (!text.includes(wanted)) throw new Error(`The page ended without: ${wanted}`)
      return text
    },
    async rest(): Promise<string> {
      while (!ended) await more()
      return text
    },
    /** Goes away, as somebody does who closes the tab. */
    leave: async () => reader?.cancel(),
  }
}

/** Sends a form, and answers where it leads to. */
export async function lead(as: Person, path: string, form: Record<string, string>): Promise<string> {
  const { status, headers, text } = await ask('POST', path, { as, form })
  if (status !== 303) throw new Error(`${path} answered ${status}: ${text}`)
  return headers.get('location') ?? ''
}
