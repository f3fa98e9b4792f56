import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { SECURITY_TXT_EXPIRES } from '../../workers/app/edge/site/security-txt.ts'
import { askAt, PUBLIC } from '../lib/deployment.ts'

const DAY_MS = 86_400_000

/** Fields of the registry (RFC 9116, 2.5 and 6.2), with how often each may stand. */
const FIELDS: Record<string, { least: number; most: number }> = {
  Contact: { least: 1, most: Number.POSITIVE_INFINITY },
  Expires: { least: 1, most: 1 },
  'Preferred-Languages': { least: 0, most: 1 },
  Canonical: { least: 0, most: Number.POSITIVE_INFINITY },
  Encryption: { least: 0, most: Number.POSITIVE_INFINITY },
  Acknowledgments: { least: 0, most: Number.POSITIVE_INFINITY },
  Policy: { least: 0, most: Number.POSITIVE_INFINITY },
  Hiring: { least: 0, most: Number.POSITIVE_INFINITY },
  CSAF: { least: 0, most: Number.POSITIVE_INFINITY },
}

let answer: Response
let text: string
let fields: [name: string, value: string][]

beforeAll(async () => {
  // On the machine under the desk it is the same text; RFC 9116 wants https, which only a deployment has.
  answer = await askAt(`${PUBLIC}/.well-known/security.txt`)
  text = await answer.text()
  fields = text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string])
})

const valuesOf = (name: string) => fields.flatMap(([field, value]) => (field === name ? value : []))

describe('security.txt, held to RFC 9116,', () => {
  test('is plain text in UTF-8 at its well-known place, and the old place leads there', async () => {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    const old = await askAt(`${PUBLIC}/security.txt`)
    expect([old.status, old.headers.get('location')]).toEqual([301, '/.well-known/security.txt'])
  })

  test('has one field a line, every line ended, and no field that is not registered or stands too often', () => {
    expect(text).toMatch(/^(?:[A-Za-z-]+: [\x21-\x7e][\x20-\x7e]*\r\n)+$/)
    expect(fields.filter(([name]) => !(name in FIELDS))).toEqual([])
    for (const [name, { least, most }] of Object.entries(FIELDS)) {
      expect(valuesOf(name).length).toBeGreaterThanOrEqual(least)
      expect(valuesOf(name).length).toBeLessThanOrEqual(most)
    }
  })

  test('says where to write, as a URI: what the operator has set', () => {
    expect(valuesOf('Contact')).toEqual([env.SECURITY_CONTACT])
    expect(valuesOf('Contact')[0]).toMatch(/^(?:mailto:[^@\s]+@[^@\s]+|https:\/\/\S+|tel:\+?[\d-]+)$/)
  })

  test('says where it stands, with https, and stands there', () => {
    expect(valuesOf('Canonical')).toEqual([`${PUBLIC}/.well-known/security.txt`])
    // Addresses of the web begin with https (2.4), whichever field they stand in.
    for (const [, value] of fields) expect(value).not.toMatch(/^http:/)
  })

  test('leads to the rules for reports and to those who have reported, which are there', async () => {
    for (const name of ['Policy', 'Acknowledgments']) {
      const [address = ''] = valuesOf(name)
      const { origin, pathname, hash } = new URL(address)
      expect([name, origin]).toEqual([name, PUBLIC])
      const page = await askAt(origin + pathname)
      expect([name, page.status]).toEqual([name, 200])
      expect(await page.text()).toContain(` id="${hash.slice(1)}"`)
    }
  })

  test('has every field that a reporter may look for, the way to write first', () => {
    expect(fields.map(([name]) => name)).toEqual([
      'Contact',
      'Expires',
      'Preferred-Languages',
      'Canonical',
      'Policy',
      'Acknowledgments',
    ])
  })

  test('is read by a proxy, a HEAD and a second reader alike, and small', async () => {
    const head = await askAt(`${PUBLIC}/.well-known/security.txt`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(await (await askAt(`${PUBLIC}/.well-known/security.txt`)).text()).toBe(text)
    expect(text.length).toBeLessThan(2000)
  })

  test('says languages as their tags', () => {
    expect(valuesOf('Preferred-Languages')).toHaveLength(1)
    for (const tags of valuesOf('Preferred-Languages'))
      expect(tags).toMatch(/^[a-z]{2,3}(?:-[A-Za-z0-9]+)*(?:, ?[a-z]{2,3})*$/)
  })

  test('is good for at least another 30 days and at most a year: when this fails, look it over and move its date', () => {
    const [expires = ''] = valuesOf('Expires')
    expect(expires).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)
    expect(expires).toBe(SECURITY_TXT_EXPIRES)
    const days = (Date.parse(expires) - Date.now()) / DAY_MS
    expect(days).toBeGreaterThan(30)
    expect(days).toBeLessThanOrEqual(365)
  })
})
