import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../node/free-port.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const READY_MS = 60_000

/** Waits until something is so; throws, saying what was waited for, when it takes too long. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

export interface Candor {
  url: string
  stateDir: string
  child: ChildProcess
  output(): string
  /** Ends it with a signal and answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export const newStateDir = () => mkdtempSync(join(tmpdir(), 'candor-test-'))
export const removeStateDir = (dir: string) => rmSync(dir, { recursive: true, force: true })

/** Runs the start command and waits for its exit; after a minute without one it is asked to stop. */
export async function runStart(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.ts')], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  const timer = setTimeout(() => child.kill('SIGTERM'), 60_000)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  return { code, output }
}

/** Starts Candor as `npm start` does, on ports of its own. */
export async function startCandor(options: {
  stateDir: string
  env?: Record<string, string>
  port?: number
  idpPort?: number
}): Promise<Candor> {
  const port = options.port ?? (await freePort())
  const idpPort = options.idpPort ?? (await freePort())
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.ts')], {
    cwd: ROOT,
    env: {
      ...process.env,
      PORT: String(port),
      IDP_PORT: String(idpPort),
      STATE_DIR: options.stateDir,
      // Tests ask more than people do. The limits themselves are tried in test/node/door.test.ts.
      RATE_LIMIT_TIMES: '1000',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const closed = new Promise<number | null>((resolve) => child.on('exit', resolve))
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => {
        output += data
        if (output.includes('Candor is ready')) resolve()
      })
    void closed.then(() => reject(new Error(`Candor ended: ${output}`)))
    setTimeout(() => reject(new Error(`Candor was not ready after ${READY_MS} ms: ${output}`)), READY_MS).unref()
  })
  return {
    url: `http://localhost:${port}`,
    stateDir: options.stateDir,
    child,
    output: () => output,
    stop: (signal = 'SIGINT') => {
      child.kill(signal)
      return closed
    },
  }
}

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field, and a wrong shape fails the test
  body: any
  text: string
  headers: Headers
}

/** A person's browser, as far as it matters here: cookies, and the headers of a same-origin request. */
export function makeBrowser(origin: string) {
  const cookies = new Map<string, string>()
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
  }

  async function raw(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (url.startsWith(origin)) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      if (!headers.has('origin')) headers.set('origin', origin)
    }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    if (url.startsWith(origin)) keep(response)
    return response
  }

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await raw(origin + path, {
      method,
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, body: json ? JSON.parse(text) : null, text, headers: response.headers }
  }

  /** Signs in as a local account, without a page. Answers the last response of the callback. */
  async function signIn(provider: string, account: string): Promise<Response> {
    const start = await raw(`${origin}/sign-in/${provider}`)
    const authorize = new URL(start.headers.get('location') ?? '')
    authorize.searchParams.set('account', account)
    const back = await raw(authorize.href)
    return raw(back.headers.get('location') ?? '')
  }

  const form = (path: string, fields: Record<string, string>) =>
    raw(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })

  return { ask, form, raw, signIn, cookies }
}

const bodyOf = async (request: IncomingMessage) => {
  let text = ''
  for await (const part of request) text += part
  return text
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** A real server to be watched: it can be stopped, and started again on the same port. */
export async function startTarget() {
  const port = await freePort()
  let status = 200
  let delayMs = 0
  const seen: IncomingMessage[] = []
  const make = () =>
    createServer((request, response) => {
      seen.push(request)
      const reply = () =>
        response.writeHead(status, { 'content-type': 'text/plain', 'set-cookie': 'secret=1' }).end(`status ${status}`)
      setTimeout(reply, delayMs)
    })
  let server = make()
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${port}/health`,
    host: `127.0.0.1:${port}`,
    seen,
    answer: (next: number) => {
      status = next
    },
    /** Answers only after this time, from the next request on. */
    slow: (ms: number) => {
      delayMs = ms
    },
    stop: () => close(server),
    start: async () => {
      server = make()
      await listen(server, port)
    },
  }
}

export interface Received {
  headers: Record<string, string>
  body: string
}

/** A real receiver of webhooks. */
export async function startReceiver() {
  const port = await freePort()
  const received: Received[] = []
  let failures = 0
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (failures > 0) {
        failures--
        response.writeHead(500).end()
        return
      }
      received.push({ headers: request.headers as Record<string, string>, body })
      response.writeHead(204).end()
    })
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${port}/hook`,
    host: `127.0.0.1:${port}`,
    received,
    failNext: (count: number) => {
      failures = count
    },
    stop: () => close(server),
  }
}
