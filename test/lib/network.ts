import { vi } from 'vitest'
import type { CheckAnswer, CheckResult, HttpCheck, SendAnswer, SendRequest } from '../../shared/domain/check.ts'
import probe from '../../workers/probe/main.ts'

export const env = {
  REGION: 'test',
  ALLOW_PRIVATE_TARGETS: 'localhost:9000',
  DOH_URL: 'https://resolver.example/dns-query',
  OWN_HOSTS: 'candor.example',
}
export const PUBLIC = '93.184.216.34'
export const PUBLIC_V6 = '2606:4700::1111'

export type Site = (request: Request) => Response | Promise<Response>
/** Addresses of a name, or the resolver's whole answer. */
export type Zone = Record<string, string[] | (() => Response | Promise<Response>)>

export const never = () => new Promise<Response>(() => undefined)
export const to = (location: string, status = 302) => new Response('moved', { status, headers: { location } })
export const url = (request: Request) => request.url

export function resolve(request: Request, zone: Zone): Response | Promise<Response> {
  const { searchParams } = new URL(request.url)
  const answer = zone[searchParams.get('name') ?? ''] ?? [PUBLIC]
  if (typeof answer === 'function') return answer()
  const v6 = searchParams.get('type') === 'AAAA'
  const records = answer.filter((data) => data.includes(':') === v6).map((data) => ({ type: v6 ? 28 : 1, data }))
  return Response.json({ Status: 0, Answer: records })
}

/** Stands in for the network: a time-out ends a request as it does on a real one. Answers what was asked of the sites. */
export function network(sites: Record<string, Site>, zone: Zone = {}) {
  const seen = { asked: [] as Request[], lookedUp: [] as string[], options: [] as string[], most: 0 }
  let open = 0
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init)
    const lookup = request.url.startsWith(env.DOH_URL)
    if (lookup) seen.lookedUp.push(new URL(request.url).searchParams.get('name') ?? '')
    else seen.asked.push(request.clone())
    seen.options.push(`${request.redirect} ${lookup ? '' : request.cache}`.trim())
    seen.most = Math.max(seen.most, ++open)
    const ended = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
    })
    const site = lookup ? () => resolve(request, zone) : sites[request.url]
    try {
      return await Promise.race([site ? site(request) : new Response('no such site', { status: 404 }), ended])
    } finally {
      open--
    }
  })
  return seen
}

/** A body that goes on for ever and knows whether it was cancelled. */
export function endless(init?: ResponseInit) {
  const state = { cancelled: false, bytes: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.bytes += 512
      controller.enqueue(new Uint8Array(512).fill(97))
    },
    cancel() {
      state.cancelled = true
    },
  })
  return { state, response: new Response(body, init) }
}

export const post = (path: string, body: unknown) =>
  probe.fetch(
    new Request(`https://probe${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
    env,
  )

export const plain: HttpCheck = {
  id: 'mon_1',
  kind: 'http',
  url: 'https://site.example/',
  method: 'GET',
  headers: [],
  body: null,
  timeoutMs: 2000,
  followRedirects: true,
}

export async function checkAll(checks: Partial<HttpCheck>[]): Promise<CheckResult[]> {
  const response = await post('/check', { checks: checks.map((check) => ({ ...plain, ...check })) })
  return (await response.json<CheckAnswer>()).results
}

export async function check(change: Partial<HttpCheck> = {}): Promise<CheckResult> {
  const [result] = await checkAll([change])
  if (!result) throw new Error('no result')
  return result
}

export async function send(change: Partial<SendRequest> = {}): Promise<SendAnswer> {
  const message = { url: 'https://hook.example/in', method: 'POST', headers: [], body: '{"a":1}', timeoutMs: 2000 }
  return (await post('/send', { ...message, ...change })).json()
}
