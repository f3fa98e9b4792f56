import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Env } from '../../workers/app/bindings.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import { statement } from '../lib/database.ts'
import { askAt } from '../lib/deployment.ts'
import { aboutKey, addressOf, endingKey, mailsTo, trailOf } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'

const PLATFORM: Env = { ...env, MAIL_DRIVER: 'cloudflare', MAILBOX: undefined }

let ada: Person
let keyId: string
// Nothing waits for its next try when the next test begins.
afterEach(async () => void (await statement('DELETE FROM outbox').run()))
beforeEach(async () => {
  ada = await newPerson()
  keyId = await endingKey(ada)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})

describe('a mail by the platform', () => {
  test('is taken by the binding that the platform offers', async () => {
    expect(await consume([aboutKey(ada, keyId)], 1, PLATFORM)).toEqual(['done'])
    expect(await trailOf(ada)).toMatchObject([{ status: 'delivered', message: 'Taken by the platform.' }])
  })

  const refusing = (code?: string) => {
    const error = Object.assign(new Error(`${addressOf(ada)} is not possible`), code && { code })
    return { ...PLATFORM, EMAIL: { send: () => Promise.reject(error) } as unknown as SendEmail }
  }

  test.each(['E_VALIDATION_ERROR', 'E_RECIPIENT_SUPPRESSED', 'E_RECIPIENT_NOT_ALLOWED', 'E_CONTENT_TOO_LARGE'])(
    'that is refused for good (%s) is given up at once',
    async (code) => {
      expect(await consume([aboutKey(ada, keyId)], 1, refusing(code))).toEqual(['done'])
      expect(await trailOf(ada)).toMatchObject([
        { status: 'failed', message: `The platform did not take it: ${code}.` },
      ])
    },
  )

  test.each(['E_RATE_LIMIT_EXCEEDED', 'E_SENDER_NOT_VERIFIED', 'E_INTERNAL_SERVER_ERROR', 'E_OF_TOMORROW', undefined])(
    'that is refused for now (%s) is tried again',
    async (code) => {
      expect(await consume([aboutKey(ada, keyId)], 1, refusing(code))).toEqual([expect.any(Number)])
      expect(await trailOf(ada)).toMatchObject([{ status: 'waiting' }])
    },
  )
})

describe('a mail in the mailbox of this machine', () => {
  test('is kept once, however often it comes', async () => {
    const mail = aboutKey(ada, keyId)
    await consume([mail])
    await statement('DELETE FROM delivery WHERE id = ?', mail.id).run()
    expect(await consume([mail], 2)).toEqual(['done'])
    expect(await mailsTo(ada)).toEqual([`/mail/${mail.id}`])
  })

  test('waits while the mailbox does not take it', async () => {
    for (const fetch of [() => Promise.reject(new Error('gone')), async () => new Response(null, { status: 500 })]) {
      const mailbox = { fetch } as unknown as Fetcher
      expect(await consume([aboutKey(ada, keyId)], 1, { ...env, MAILBOX: mailbox })).toEqual([expect.any(Number)])
    }
  })
})

describe('the mailbox', () => {
  test('is shown without signing in, under a policy that lets nothing run', async () => {
    const mail = aboutKey(ada, keyId)
    await consume([mail])
    for (const path of ['/mail', `/mail/${mail.id}`]) {
      const { status, headers, text } = await ask('GET', path)
      expect(status).toBe(200)
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self';/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(text).not.toMatch(/<script| style=| on[a-z]+=/i)
    }
    const framed = await ask('GET', `/mail/${mail.id}/html`)
    expect(framed.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none';/)
    expect(framed.headers.get('x-frame-options')).toBe('SAMEORIGIN')
  })

  test.each(['/mail/out_00000000000', '/mail/..%2f..%2fsecrets', '/mail/x/html', '/mail/x/y/z'])(
    'has nothing at %s',
    async (path) => {
      expect((await ask('GET', path)).status).toBe(404)
    },
  )

  test('is not there for a page elsewhere that makes its own name lead to this machine', async () => {
    for (const host of ['evil.example', '192.0.2.1', 'localhost.evil.example'])
      expect((await askAt(`http://${host}:8787/mail`, {}, env)).status).toBe(404)
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect((await askAt(`http://${host}:8787/mail`, {}, env)).status).toBe(200)
  })

  test('takes nothing from outside', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await askAt('http://localhost:8787/mail', { method, body: '{}' }, env)).status).toBe(404)
  })

  test('is not there when mails leave in another way', async () => {
    for (const MAIL_DRIVER of ['none', 'cloudflare'])
      expect((await ask('GET', '/mail', { env: { ...env, MAIL_DRIVER, MAILBOX: undefined } })).status).toBe(404)
  })
})
