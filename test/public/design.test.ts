import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { ask } from '../lib/candor.ts'
import { askAt, PUBLIC, STATUS } from '../lib/deployment.ts'

const LOCAL = 'http://localhost:8787/design'

test('the components are shown to whoever tries Candor on one machine, with the sheet as it is served', async () => {
  const { status, headers, text } = await ask('GET', '/design')
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self';/)
  expect(text).toMatch(/<h1[^>]*>Design<\/h1>/)
  expect(text).toContain('16.4 : 1, at least 4.5')
})

test('a deployment has no such page, at any of its hosts or names, and neither has a machine where nobody tries it', async () => {
  for (const host of [PUBLIC, STATUS, 'https://localhost', 'https://127.0.0.1'])
    expect((await askAt(`${host}/design`)).status).toBe(404)
  const tried = { ...env, MAIL_DRIVER: 'none', MAILBOX: undefined }
  expect((await askAt(LOCAL, {}, tried)).status).toBe(404)
})

test('it is not there for a page elsewhere that makes its own name lead to this machine', async () => {
  for (const host of ['evil.example', '192.0.2.1', 'localhost.evil.example'])
    expect((await askAt(`http://${host}:8787/design`, {}, env)).status).toBe(404)
  for (const host of ['localhost', '127.0.0.1', '[::1]'])
    expect((await askAt(`http://${host}:8787/design`, {}, env)).status).toBe(200)
})
