import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeMailbox } from '../../scripts/lib/mailbox.ts'
import { readSettings } from '../../scripts/lib/settings.ts'
import { newId } from '../../shared/ids.ts'

let parent: string
let folder: string
let mailbox: ReturnType<typeof makeMailbox>
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'candor-mailbox-'))
  folder = join(parent, 'mail')
  mailbox = makeMailbox(folder)
})
afterEach(() => rmSync(parent, { recursive: true }))

const MAIL = {
  from: { name: 'Candor', address: 'candor@candor.test' },
  to: 'ada@example.test',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p>',
}
const post = (mail: Record<string, unknown>) =>
  mailbox(new Request('http://mailbox/', { method: 'POST', body: JSON.stringify({ ...MAIL, ...mail }) }))
const get = async (path: string) => {
  const response = await mailbox(new Request(`http://mailbox${path}`))
  return { status: response.status, text: await response.text() }
}

describe('the mailbox of a machine', () => {
  test('keeps each mail in a file that only its owner can read', async () => {
    const id = newId('outbox')
    expect((await post({ id })).status).toBe(204)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder)).toEqual([`${id}.json`])
    expect(statSync(join(folder, `${id}.json`)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8'))).toEqual({
      id,
      at: expect.any(Number),
      ...MAIL,
    })
  })

  test('has after a restart what it had before', async () => {
    const id = newId('outbox')
    await post({ id })
    mailbox = makeMailbox(folder)
    expect((await get(`/mail/${id}`)).status).toBe(200)
    expect((await get('/mail')).text).toContain(`/mail/${id}`)
  })

  test('keeps the first of two mails with one id', async () => {
    const id = newId('outbox')
    await post({ id, subject: 'First' })
    expect((await post({ id, subject: 'Second' })).status).toBe(204)
    const { text } = await get('/mail')
    expect([text.includes('First'), text.includes('Second')]).toEqual([true, false])
  })

  test.each(['', '../secrets', 'out_1', 'out_0000000000/', `${newId('outbox')}.json`, newId('user')])(
    'takes and opens no other name of a file: "%s"',
    async (id) => {
      writeFileSync(join(parent, 'secrets.json'), JSON.stringify({ ...MAIL, id: newId('outbox'), at: 0 }))
      expect((await post({ id })).status).toBe(400)
      expect(readdirSync(parent).toSorted()).toEqual(['mail', 'secrets.json'])
      expect(readdirSync(folder)).toEqual([])
      for (const path of [`/mail/${id}/html`, `/mail/${encodeURIComponent(id)}/html`])
        expect((await get(path)).text).not.toContain('<p>Hello</p>')
    },
  )

  test('throws the oldest mails away before they fill the disk', async () => {
    const ids = Array.from({ length: 505 }, () => newId('outbox'))
    for (const id of ids) await post({ id })
    const kept = readdirSync(folder)
    expect(kept).toHaveLength(500)
    expect(kept).toContain(`${ids.at(-1)}.json`)
  })

  test('passes over what a kill has left half written', async () => {
    const id = newId('outbox')
    await post({ id })
    writeFileSync(join(folder, `${newId('outbox')}.draft`), '{"id":')
    expect((await get('/mail')).status).toBe(200)
  })
})

describe('one machine', () => {
  const driver = (env: Record<string, string>) => readSettings(env).mail.driver
  const OTHERS = {
    'listens to others': { HOST: '0.0.0.0' },
    'has a name of its own': { PUBLIC_URL: 'https://candor.example' },
    'has real people': { IDENTITY_PROVIDERS: '[{}]' },
  }

  test('keeps mails for whoever tries Candor alone', () => {
    expect(driver({})).toBe('local')
    expect(driver({ HOST: '::1', PUBLIC_URL: 'http://127.0.0.1:8787' })).toBe('local')
    expect(driver({ MAIL_DRIVER: 'none' })).toBe('none')
  })

  test.each(Object.entries(OTHERS))('that %s has no mailbox, not even when it is asked for', (_what, env) => {
    expect(driver(env)).toBe('none')
    expect(() => driver({ ...env, MAIL_DRIVER: 'local' })).toThrow(/^MAIL_DRIVER may be "local" only on loopback/)
    expect(driver({ ...env, MAIL_DRIVER: 'resend' })).toBe('resend')
  })

  test.each([
    ['MAIL_DRIVER', 'smtp'],
    ['MAIL_DRIVER', 'cloudflare'],
    ['RESEND_URL', 'http://api.resend.com'],
    ['RESEND_URL', 'https://api.resend.com/emails'],
  ])('does not start with %s=%s, and says so by name', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} has to`))
  })
})
