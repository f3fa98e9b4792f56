import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkUrl, isPublicAddress, parseHostList, withScheme } from '../shared/domain/address.ts'

const rules = { allowPrivate: [], ownHosts: [] }
const accepted = (url: string, more: Partial<Parameters<typeof checkUrl>[1]> = {}) =>
  checkUrl(url, { ...rules, ...more }).ok

/** First and last address of what is not public, written down apart from the ranges that the code holds. */
const PRIVATE_V4: [first: string, last: string][] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
]
/** Anycast services of the special-purpose registry: refused too, though they are routed. */
const ANYCAST_V4: [string, string][] = [
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.175.48.0', '192.175.48.255'],
]

const toNumber = (dotted: string) => dotted.split('.').reduce((value, part) => value * 256 + Number(part), 0)
const octets = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256)
const dotted = (value: number) => octets(value).join('.')
const inAny = (value: number, ranges: [string, string][]) =>
  ranges.some(([first, last]) => value >= toNumber(first) && value <= toNumber(last))
const hex = (value: number) => value.toString(16)
const oct = (value: number) => `0${value.toString(8)}`
const groups = (value: number) => `${hex(Math.floor(value / 65_536))}:${hex(value % 65_536)}`
const wide = (text: string) => text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))

/** Hosts that a URL may hold for one IPv4 address. */
const SPELLINGS: Record<string, (value: number) => string> = {
  dotted,
  'dotted with a trailing dot': (value) => `${dotted(value)}.`,
  decimal: String,
  hex: (value) => `0x${hex(value)}`,
  octal: oct,
  'dotted hex': (value) =>
    octets(value)
      .map((part) => `0x${hex(part)}`)
      .join('.'),
  'dotted octal': (value) => octets(value).map(oct).join('.'),
  'two parts': (value) => `${Math.floor(value / 2 ** 24)}.${value % 2 ** 24}`,
  'three parts': (value) => `${octets(value).slice(0, 2).join('.')}.${value % 65_536}`,
  'full-width digits': (value) => wide(dotted(value)),
  'ideographic dots': (value) => octets(value).join('。'),
  'percent-encoded': (value) => dotted(value).replace(/\d/g, (digit) => `%3${digit}`),
  'IPv4-mapped': (value) => `[::ffff:${dotted(value)}]`,
  'IPv4-mapped in hex': (value) => `[0:0:0:0:0:ffff:${groups(value)}]`,
  'IPv4-compatible': (value) => `[::${dotted(value)}]`,
  NAT64: (value) => `[64:ff9b::${dotted(value)}]`,
  'local NAT64': (value) => `[64:ff9b:1::${groups(value)}]`,
  '6to4': (value) => `[2002:${groups(value)}::1]`,
  Teredo: (value) => `[2001:0:${groups(value)}::1]`,
}

const privateV4 = fc
  .constantFrom(...PRIVATE_V4)
  .chain(([first, last]) => fc.integer({ min: toNumber(first), max: toNumber(last) }))
const anyV4 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const publicV4 = anyV4.filter((value) => !inAny(value, PRIVATE_V4) && !inAny(value, ANYCAST_V4))
const group = fc.integer({ min: 0, max: 0xffff })
const v6 = (first: fc.Arbitrary<number>) =>
  fc
    .tuple(first, fc.array(group, { minLength: 7, maxLength: 7 }))
    .map(([head, tail]) => [head, ...tail].map(hex).join(':'))

describe('addresses that are not public', () => {
  test.each(Object.keys(SPELLINGS))('a private IPv4 address is refused when it is written as %s', (name) => {
    fc.assert(fc.property(privateV4, (value) => !accepted(`http://${SPELLINGS[name]?.(value)}/`)))
  })

  test('the first and the last address of each range are refused, and those beside them are not', () => {
    for (const [first, last] of PRIVATE_V4) {
      expect(isPublicAddress(first), first).toBe(false)
      expect(isPublicAddress(last), last).toBe(false)
      for (const beside of [toNumber(first) - 1, toNumber(last) + 1])
        if (beside >= 0 && beside < 2 ** 32 && !inAny(beside, PRIVATE_V4))
          expect(isPublicAddress(dotted(beside)), dotted(beside)).toBe(true)
    }
  })

  test('an IPv6 address outside 2000::/3 is refused', () => {
    const outside = group.filter((first) => first < 0x2000 || first > 0x3fff)
    fc.assert(fc.property(v6(outside), (address) => !isPublicAddress(address) && !accepted(`https://[${address}]/`)))
  })

  test.each([
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['unique local', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['newer documentation', '3fff:fff::1'],
    ['benchmarking', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['segment routing', '5f00::1'],
    ['discard-only', '100::1'],
  ])('%s IPv6 is refused', (_name, address) => {
    expect(isPublicAddress(address)).toBe(false)
    expect(accepted(`http://[${address}]/`)).toBe(false)
  })

  test.each([
    '',
    ' ',
    'example.com',
    '1.2.3',
    '1.2.3.4 ',
    '8.8.8.8.',
    '012.8.8.8',
    '08.8.8.8',
    '256.1.1.1',
    '1.2.3.-4',
  ])('what is not exactly an address is not a public one: "%s"', (text) => expect(isPublicAddress(text)).toBe(false))

  test.each(['2606:4700::1%eth0', '2606:4700::1::', ':::', '2606:4700:1', '2606:4700::12345', '2606:4700::1.2.3'])(
    'a malformed or zoned IPv6 address is not a public one: "%s"',
    (text) => expect(isPublicAddress(text)).toBe(false),
  )

  test('a zone id does not make an address acceptable', () => {
    expect(accepted('http://[fe80::1%25eth0]/')).toBe(false)
    expect(accepted('http://[2606:4700::1%25eth0]/')).toBe(false)
  })
})

describe('addresses of the public internet', () => {
  test('a public IPv4 address is accepted, in the canonical form', () => {
    fc.assert(
      fc.property(publicV4, (value) => isPublicAddress(dotted(value)) && accepted(`https://${dotted(value)}/health`)),
    )
  })

  test('a public address keeps its meaning in another spelling', () => {
    const checked = checkUrl('http://0x08.8.2056/', rules)
    expect(checked.ok && checked.url.href).toBe('http://8.8.8.8/')
  })

  test('a public IPv6 address is accepted', () => {
    fc.assert(fc.property(v6(fc.constantFrom(0x2606, 0x2a00, 0x2400, 0x2804)), (address) => isPublicAddress(address)))
    expect(accepted('https://[2606:4700::1111]/')).toBe(true)
    expect(accepted('https://[2001:4860:4860::8888]/')).toBe(true)
  })

  test.each([
    'https://example.com',
    'http://status.example.com:8080/a?b=c#d',
    'https://bücher.example/',
    'https://xn--bcher-kva.example',
  ])('a name is accepted: %s', (url) => expect(checkUrl(url, rules)).toMatchObject({ ok: true, listed: false }))
})

describe('the guard of URLs', () => {
  test.each([
    ['ftp://example.com', 'The URL starts with http:// or https://.'],
    ['javascript:alert(1)', 'The URL starts with http:// or https://.'],
    ['file:///etc/passwd', 'The URL starts with http:// or https://.'],
    ['https://name:word@example.com', 'The URL must not hold a user name or a password. Use a header.'],
    ['https://name@example.com', 'The URL must not hold a user name or a password. Use a header.'],
    ['example.com', 'This is not a URL.'],
    ['http://', 'This is not a URL.'],
    ['http://256.256.256.256', 'This is not a URL.'],
    ['http://localhost..', 'The URL has no valid host name.'],
    ['http://127.0.0.1..', 'The URL has no valid host name.'],
    ['http://10.0.0.1', 'This address is not on the public internet, so Candor does not reach it.'],
    ['http://localhost', 'This name is not one of the public internet, so Candor does not reach it.'],
    [`https://example.com/${'a'.repeat(2048)}`, 'The URL has at most 2,048 characters.'],
  ])('%s is refused with one clear sentence', (url, message) => {
    expect(checkUrl(url, rules)).toEqual({ ok: false, message })
  })

  test.each([
    ['shop.example', 'https://shop.example'],
    ['shop.example:8080/a', 'https://shop.example:8080/a'],
    ['//shop.example', 'https:////shop.example'],
    ['HTTP://shop.example', 'HTTP://shop.example'],
    ['ftp://shop.example', 'ftp://shop.example'],
    ['javascript:alert(1)', 'https://javascript:alert(1)'],
    ['', ''],
  ])('"%s" as it is typed is %s', (typed, url) => expect(withScheme(typed)).toBe(url))

  test.each(['http://example.com:8080/', 'https://example.com:80/', 'http://example.com:443/'])(
    'where only standard ports are asked, %s is refused',
    (url) => expect(checkUrl(url, { ...rules, standardPorts: true })).toMatchObject({ ok: false }),
  )

  const inside = 'localhost LOCALHOST localhost. a.localhost printer.local db.internal db.internal. intranet router.lan'
  test.each(inside.split(' '))('a name of a private network is refused: %s', (host) =>
    expect(accepted(`http://${host}/`)).toBe(false),
  )

  test.each([0, 22, 25, 53, 110, 143, 445, 587, 3306, 5432, 6379, 9200, 11_211, 27_017])(
    'port %i belongs to another protocol and is refused',
    (port) => expect(accepted(`http://example.com:${port}/`)).toBe(false),
  )

  test.each([80, 443, 3000, 8080, 8443, 9000, 65_535])('port %i is accepted', (port) => {
    expect(accepted(`http://example.com:${port}/`)).toBe(true)
  })

  const own = 'https://candor.example https://CANDOR.example./x http://candor.example:8443 http://pages.example:8787'
  test.each(own.split(' '))('our own host is refused however it is written: %s', (url) => {
    const ownHosts = ['candor.example', 'pages.example:8787']
    const message = 'This is an address of Candor itself.'
    expect(checkUrl(url, { ...rules, ownHosts })).toEqual({ ok: false, message })
  })

  test('another port of a host that is ours on one port only, and a host that merely ends like ours, are accepted', () => {
    expect(accepted('http://pages.example:9000', { ownHosts: ['pages.example:8787'] })).toBe(true)
    expect(accepted('http://notcandor.example', { ownHosts: ['candor.example'] })).toBe(true)
  })

  test('a private target is reached when its host and port are listed, in any spelling, and on no other port', () => {
    const allowPrivate = parseHostList('127.0.0.1:9000, localhost:80\n[::1]:443')
    for (const url of ['http://127.0.0.1:9000', 'http://2130706433:9000', 'http://localhost', 'https://[0:0::1]/'])
      expect(checkUrl(url, { ...rules, allowPrivate }), url).toMatchObject({ ok: true, listed: true })
    const others = 'http://127.0.0.1 http://127.0.0.2:9000 https://localhost http://[::1]/ http://a.localhost'
    for (const url of others.split(' ')) expect(accepted(url, { allowPrivate }), url).toBe(false)
  })

  test('being listed lifts neither the protocol nor the user info rule', () => {
    const allowPrivate = ['127.0.0.1:9000', '127.0.0.1:80']
    expect(accepted('ftp://127.0.0.1:9000', { allowPrivate })).toBe(false)
    expect(accepted('http://name:word@127.0.0.1:9000', { allowPrivate })).toBe(false)
  })

  test('any text gets an answer, and what is accepted is http(s) without user info', () => {
    const text = fc.oneof(fc.string(), fc.webUrl(), fc.stringMatching(/^http:\/\/.{0,40}$/))
    fc.assert(
      fc.property(text, (raw) => {
        const checked = checkUrl(raw, rules)
        if (!checked.ok) return checked.message.endsWith('.')
        return /^https?:$/.test(checked.url.protocol) && !checked.url.username && !checked.url.password
      }),
    )
  })

  test('an empty or missing list lists nothing', () => {
    expect(parseHostList(undefined)).toEqual([])
    expect(parseHostList(' ,\n ')).toEqual([])
    expect(parseHostList('a:1,b:2  c:3')).toEqual(['a:1', 'b:2', 'c:3'])
  })
})
