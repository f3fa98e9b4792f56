import { assert, constantFrom, oneof, property, string, stringMatching, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAddress } from '../../shared/domain/mail.ts'
import { mailOf } from '../../workers/app/services/mail/template.ts'
import { ask, newPerson } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { htmlFaults, IN_A_MAIL } from '../lib/html-rules.ts'
import { aboutKey, endingKey } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'

const LINK = { label: 'Look', url: 'https://candor.test/api-keys' }

/** Names as somebody would choose them who wants to write the rest of the mail. */
const hostile = oneof(
  string({ unit: 'binary', maxLength: 80 }),
  constantFrom(
    'a\r\nBcc: victim@example.test',
    'a\nSubject: other',
    '</title><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' style='background:url(https://evil.test/)",
    '&lt;b&gt;',
    '\u202egpj.exe',
    'line\u2028separator\u2029paragraph',
    '\u0000\u0008\u001b[2J',
    '{{constructor}}',
  ),
  stringMatching(/^[<>&"'=\r\n ]{0,40}$/),
)

const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
const decode = (html: string) =>
  html.replaceAll(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name as 'amp'],
  )

describe('whatever names are in it, a mail', () => {
  const mail = (name: string, other = name) =>
    mailOf({
      to: 'ada@example.test',
      subject: `The key ${name}`,
      paragraphs: [`Key ${name} of ${other}.`],
      link: LINK,
      reason: `Because of ${other}.`,
    })
  const plain = mail('x')
  const tags = (html: string) => [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag)

  test('has a subject of one line, of a bearable length', () => {
    assert(
      property(hostile, (name) => {
        const { subject } = mail(name.repeat(20))
        expect(subject).not.toMatch(UNSEEN)
        expect([...subject].length).toBeLessThanOrEqual(200)
      }),
    )
  })

  test('is valid HTML', () => {
    for (const name of ['x', '</title><script>alert(1)</script>', '"><img src=x onerror=alert(1)>'])
      expect(htmlFaults(mail(name).html, IN_A_MAIL)).toEqual([])
  })

  test('has the markup of the template and none besides', () => {
    assert(
      property(tuple(hostile, hostile), ([name, other]) => {
        expect(tags(mail(name, other).html)).toEqual(tags(plain.html))
      }),
    )
  })

  test('has the lines of the template and none besides, as text and as HTML', () => {
    const lines = (text: string) => text.split('\n').length
    assert(
      property(tuple(hostile, hostile), ([name, other]) => {
        const { text, html } = mail(name, other)
        expect([lines(text), lines(html)]).toEqual([lines(plain.text), lines(plain.html)])
        expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN)
      }),
    )
  })

  test('says in HTML what it says as text', () => {
    assert(
      property(hostile, (name) => {
        const { text, html } = mail(name)
        const [first = ''] = text.split('\n\n')
        expect(decode(/<p>(.*?)<\/p>/s.exec(html)?.[1] ?? '')).toBe(first)
      }),
    )
  })
})

test('a mail loads nothing, follows nobody and sets no colour', () => {
  const { html, text } = mailOf({ to: 'a@b.test', subject: 's', paragraphs: ['p'], link: LINK, reason: 'r' })
  expect(html).not.toMatch(/<(?:img|script|iframe|link|form|object|style)\b|\bsrc=|url\(|@import|color:|background/i)
  expect([...html.matchAll(/https?:\/\/[^"<]+/g)].map(([url]) => url)).toEqual([LINK.url, LINK.url])
  expect(html).toContain('<meta name="color-scheme" content="light dark">')
  expect(text).toContain(LINK.url)
})

test('an address is one address: nothing of it begins a header or another one', () => {
  for (const address of ['ada@example.test', "o'neill+ci@mail.example.test", 'jörg@bücher.test'])
    expect([address, isAddress(address)]).toEqual([address, true])
  for (const address of [
    '',
    'ada',
    'ada@',
    '@example.test',
    'a@b@c',
    'ada@example.test, eve@evil.test',
    'ada@example.test\r\nBcc: eve@evil.test',
    'ada@example.test\u0000',
    'Ada <ada@example.test>',
    'ada;eve@example.test',
    '"ada"@example.test',
    `${'a'.repeat(65)}@example.test`,
  ])
    expect([address, isAddress(address)]).toEqual([address, false])
})

test('a name that is markup, in a key and in a workspace, is text in the mail and on the pages of the mailbox', async () => {
  const person = await newPerson()
  const name = '</title></pre><script>alert(1)</script>"\r\nBcc: eve@evil.test'
  await pastTheGates([statement('UPDATE workspace SET name = ? WHERE workspace_id = ?', name, person.workspaceId)])
  const id = await endingKey(person)
  await pastTheGates([statement('UPDATE api_key SET name = ? WHERE id = ?', name, id)])
  const mail = aboutKey(person, id)
  expect(await consume([mail])).toEqual(['done'])
  const path = `/mail/${mail.id}`
  for (const place of [path, `${path}/html`]) {
    const { status, text } = await ask('GET', place)
    expect(status).toBe(200)
    expect(text).not.toMatch(/<script|\nBcc:/i)
    expect(text).toContain('&lt;script&gt;')
  }
})
