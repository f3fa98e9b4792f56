import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { deploymentLog } from '../../workers/app/bindings.ts'
import {
  deploymentCheckpoint,
  deploymentKey,
  newDeployment,
  shadowLog,
  witnessAlarm,
  witnessed,
} from '../lib/deployment-log.ts'
import { newWitness, type TestWitness } from '../lib/witness.ts'

let said: string[]
beforeEach(async () => {
  await newDeployment()
  said = []
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)))
})

/** Another checkpoint of a workspace of its own. */
async function append(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const log = shadowLog()
    await log.grow(1)
    expect((await log.give(0)).taken).toBe(true)
  }
}
const alarmAt = () => runInDurableObject(deploymentLog(env), (_, { storage }) => storage.getAlarm())
const isCosigned = async () => (await deploymentCheckpoint()).includes('witness.test/w1')

const textOfRequest = async (request: Request): Promise<string> => {
  const body = await request.text()
  const note = body.slice(body.indexOf('\n\n') + 2)
  return note.slice(0, note.indexOf('\n\n') + 1)
}
type Wrong = (request: Request, own: TestWitness) => Promise<Response> | Response
const size = (text: string, type = 'text/x.tlog.size') =>
  new Response(text, { status: 409, headers: { 'content-type': type } })
const now = () => Math.floor(Date.now() / 1000)

const WRONG: [what: string, answer: Wrong][] = [
  ['another witness’s signature', async (request) => (await newWitness(await deploymentKey())).answer(request)],
  [
    'a signature of another text',
    async (r, own) => new Response(await own.cosign(await textOfRequest(r), { signed: 'x\n1\n' })),
  ],
  [
    'a line under another name',
    async (r, own) => new Response(await own.cosign(await textOfRequest(r), { name: 'other' })),
  ],
  ['a time of zero', async (r, own) => new Response(await own.cosign(await textOfRequest(r), { time: 0 }))],
  ['a time to come', async (r, own) => new Response(await own.cosign(await textOfRequest(r), { time: now() + 900 }))],
  ['a line that is cut off', async (r, own) => new Response((await own.cosign(await textOfRequest(r))).slice(0, -9))],
  [
    'a line with another byte',
    async (r, own) =>
      new Response(
        (await own.cosign(await textOfRequest(r))).replace(/.(?==*\n$)/, (last) => (last === 'A' ? 'Q' : 'A')),
      ),
  ],
  [
    'a whole note in place of lines',
    async (r, own) => {
      const text = await textOfRequest(r)
      return new Response(`evil.test/log\n1\n${text.split('\n')[2]}\n\n${await own.cosign(text)}`)
    },
  ],
  ['nothing', () => new Response('')],
  ['a page', () => new Response('<!doctype html><h1>Hello</h1>')],
  ['bytes that are no text', () => new Response(Uint8Array.of(0xff, 0xfe, 0, 1))],
  ['two megabytes', () => new Response('— x AAAA\n'.repeat(200_000))],
  [
    'a stream without an end',
    () => new Response(new ReadableStream({ pull: (out) => out.enqueue(new Uint8Array(60_000).fill(65)) })),
  ],
  ['a redirect', () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } })],
  ['400', () => new Response(null, { status: 400 })],
  ['403', () => new Response(null, { status: 403 })],
  ['404', () => new Response('no such log', { status: 404 })],
  ['422', () => new Response(null, { status: 422 })],
  ['503', () => new Response('later', { status: 503 })],
  ['409 without a type', () => size('1\n', 'text/plain')],
  ['409 with garbage', () => size('many\n')],
  ['409 without a line end', () => size('1')],
  ['409 with a size that no log has', () => size('99999999999999999999\n')],
  ['409 with the size that it was asked from', () => size('0\n')],
  ['409 with two megabytes', () => size('1'.repeat(2_000_000))],
  ['a connection that breaks', () => Promise.reject(new TypeError('Network connection lost.'))],
]

describe('a witness that answers', () => {
  test.each(WRONG)(
    '%s is not believed: said in the log, tried later, and nothing is held up',
    async (_what, answer) => {
      await witnessed(answer)
      await append(2)
      const before = Date.now()
      expect(await witnessAlarm()).toBe(true)
      expect(await isCosigned()).toBe(false)
      expect(said.filter((line) => /witness\.failed|deployment_log\.inconsistent/.test(line))).toHaveLength(1)
      expect((await alarmAt()) ?? 0).toBeGreaterThanOrEqual(before + 60_000)
      await append(1)
      // Waiting is not cut short by what comes meanwhile.
      expect((await alarmAt()) ?? 0).toBeGreaterThanOrEqual(before + 60_000)
    },
  )

  test('never is given up on after a while, and asked again', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      expect(ms).toBeLessThanOrEqual(15_000)
      const abort = new AbortController()
      setTimeout(() => abort.abort(new DOMException('slow', 'TimeoutError')), 20)
      return abort.signal
    })
    await witnessed(
      (request) =>
        new Promise((_, reject) => {
          request.signal.addEventListener('abort', () => reject(request.signal.reason))
        }),
    )
    await append()
    await witnessAlarm()
    expect(said.map((line) => JSON.parse(line))).toMatchObject([{ event: 'witness.failed', why: 'TimeoutError' }])
  })

  test('wrongly again and again is asked ever more rarely, at least every six hours', async () => {
    await witnessed(() => new Response(null, { status: 503 }))
    await append()
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      const before = Date.now()
      await witnessAlarm()
      waits.push(Math.round((((await alarmAt()) ?? 0) - before) / 60_000))
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360])
  })
})
