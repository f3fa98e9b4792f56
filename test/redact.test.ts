import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpCheck } from '../shared/domain/check.ts'
import { check, network, to } from './lib/network.ts'
import { canary } from './lib/spellings.ts'

const TOKEN = canary()
const PASSWORD = canary()
const LEAF = canary()
const FIELD = canary()

const json = JSON.stringify({ deep: [{ password: LEAF }] })
const secret: Partial<HttpCheck> = {
  method: 'POST',
  headers: [
    { key: 'authorization', value: `Bearer ${TOKEN}` },
    { key: 'cookie', value: `theme=dark; sid="${PASSWORD}"; own=<&${PASSWORD}>` },
    { key: 'accept', value: 'text/plain' },
  ],
  body: json,
}

/** What a target may send back of a request that it has seen: in its reason, headers, body and redirects. */
const echoes = (text: string): [how: string, answer: Response][] => [
  ['its body', new Response(`seen: ${text}`, { status: 500 })],
  ['its body, as JSON', Response.json({ seen: text }, { status: 500 })],
  ['its body, encoded for an address', new Response(`?seen=${encodeURIComponent(text)}`, { status: 500 })],
  ['its body, as base64', new Response(btoa(text), { status: 500 })],
  ['a header', new Response('', { status: 500, headers: { 'x-seen': text } })],
  ['its reason', new Response('', { status: 500, statusText: `No ${text}` })],
  ['the end of what is read of its body', new Response('.'.repeat(2048 - text.length / 2) + text, { status: 500 })],
  ['the end of what is kept of a header', new Response('', { headers: { 'x-seen': '.'.repeat(236) + text } })],
]

describe('a target that sends back what it was sent puts no secret into the result:', () => {
  test.each([
    ['a token', TOKEN, secret],
    ['a cookie', PASSWORD, secret],
    ['a cookie with signs in it', `<&${PASSWORD}>`, secret],
    ['a value in a JSON body', LEAF, secret],
    ['a whole body', json, secret],
    ['a value in a form', FIELD, { method: 'POST', body: `user=ada&password=${FIELD}` }],
    ['a Basic password', PASSWORD, { headers: [{ key: 'authorization', value: `Basic ${btoa(`ada:${PASSWORD}`)}` }] }],
    [
      'credentials as they were sent',
      btoa(`ada:${TOKEN}`),
      { headers: [{ key: 'authorization', value: `Basic ${btoa(`ada:${TOKEN}`)}` }] },
    ],
  ] as [string, string, Partial<HttpCheck>][])('%s', async (_, text, change) => {
    for (const [how, answer] of echoes(text)) {
      network({ 'https://site.example/': () => answer })
      const result = await check(change)
      const kept = JSON.stringify({ message: result.message, evidence: result.evidence })
      expect(kept, how).toContain('[redacted]')
      for (let at = 0; at + 10 <= text.length; at++)
        if (kept.includes(JSON.stringify(text.slice(at, at + 10)).slice(1, -1)))
          expect.fail(`${how} kept some of it: ${kept}`)
    }
  })

  test('in the addresses that it leads to', async () => {
    network({
      'https://site.example/': () => to(`/login?seen=${TOKEN}`),
      [`https://site.example/login?seen=${TOKEN}`]: () => new Response('', { status: 500 }),
    })
    const { evidence } = await check({ ...secret, method: 'GET', body: null })
    expect(evidence.hops).toEqual(['https://site.example/', 'https://site.example/login?seen=[redacted]'])
  })
})

test('what was asked for, and short words, are no secrets', async () => {
  network({
    'https://site.example/': () =>
      new Response('a dark theme in text/plain', { headers: { 'content-type': 'text/plain' } }),
  })
  const { evidence } = await check(secret)
  expect(evidence.body).toBe('a dark theme in text/plain')
  expect(evidence.headers).toContainEqual({ key: 'content-type', value: 'text/plain' })
})

test('whatever a header’s value is, its echo does not keep it', async () => {
  const value = fc.stringMatching(/^[!-~]{6,60}$/)
  await fc.assert(
    fc.asyncProperty(value, fc.nat(2048), async (text, before) => {
      network({ 'https://site.example/': () => new Response(' '.repeat(before) + text + text) })
      const { evidence } = await check({ headers: [{ key: 'x-key', value: text }] })
      return evidence.body.includes('[redacted]') ? !evidence.body.includes(text) : before > 2042
    }),
    { numRuns: 200 },
  )
})
