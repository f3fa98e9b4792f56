/**
 * Which addresses a check or a message may go to. Pure: what can be said without asking anybody. The same rules refuse
 * an address while it is typed (the app) and before every request and redirect (the probe).
 */

type Range = readonly [base: string, bits: number]

/** IANA IPv4 special-purpose registry, multicast and the reserved class E. */
const REFUSED_V4: Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Inside 2000::/3, which alone is routed: IANA IPv6 special-purpose registry. What embeds an IPv4 address is refused whole. */
const REFUSED_V6: Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

/** Ports that browsers refuse because other protocols live there (WHATWG fetch, "bad port"), and common stores. */
const REFUSED_PORTS = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531,
  532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2375, 3306, 3389,
  3659, 4045, 4190, 5060, 5061, 5432, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9200, 10080,
  11211, 27017,
])

const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'home.arpa', 'onion']

export interface TargetRules {
  /** `host:port` that may be reached although it is not public. */
  allowPrivate: string[]
  /**
   * Our own hosts: a monitor of a status page that shows the monitor would only talk to itself. `host` is refused on
   * every port, `host:port` on that one.
   */
  ownHosts: string[]
  /** Nothing but port 80 for http and 443 for https. */
  standardPorts?: boolean
}

export type CheckedUrl = { ok: true; url: URL; listed: boolean } | { ok: false; message: string }

/** An address as people write it: one without a scheme is one of https. */
export const withScheme = (typed: string): string =>
  typed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`

/** A list in configuration: separated by commas or white space. */
export const parseHostList = (text: string | undefined): string[] =>
  (text ?? '').split(/[\s,]+/).filter((entry) => entry !== '')

/** No leading zeros: some resolvers read `012` as octal, so that one text would be two addresses. */
export function parseV4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

/** No zone and no brackets. */
export function parseV6(text: string): bigint | null {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  if (dotted) {
    const v4 = parseV4(dotted[2] ?? '')
    return v4 === null ? null : parseV6(`${dotted[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`)
  }
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const gap = halves.length === 2 ? 8 - head.length - tail.length : 0
  if (gap < 0 || (halves.length === 2 && gap === 0)) return null
  const groups = [...head, ...Array<string>(gap).fill('0'), ...tail]
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

const inside = (value: bigint, size: number, bits: number, base: bigint) =>
  value >> BigInt(size - bits) === base >> BigInt(size - bits)

const anyOf = (value: bigint, size: number, ranges: Range[], parse: (text: string) => bigint | null) =>
  ranges.some(([base, bits]) => inside(value, size, bits, parse(base) ?? 0n))

/** Whether an address literal is one of the public internet. What is not an address at all is not. */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address)
  if (v4 !== null) return !anyOf(v4, 32, REFUSED_V4, parseV4)
  const v6 = parseV6(address)
  return v6 !== null && v6 >> 125n === 1n && !anyOf(v6, 128, REFUSED_V6, parseV6)
}

/** True for a host that is an address, as the URL parser spells it. */
export const isAddressLiteral = (host: string): boolean => host.startsWith('[') || parseV4(host) !== null

const bare = (host: string) => host.replace(/^\[|\]$/g, '')

function refuseHost(host: string): string | null {
  if (isAddressLiteral(host))
    return isPublicAddress(bare(host))
      ? null
      : 'This address is not on the public internet, so Candor does not reach it.'
  if (!host.includes('.') || PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`)))
    return 'This name is not one of the public internet, so Candor does not reach it.'
  return null
}

/**
 * The syntactic guard: protocol, user info, port, our own hosts, and what the host itself says. The URL parser of the
 * platform has already turned every spelling of an IPv4 address (decimal, octal, hex, short, full-width) into the
 * canonical one. Names still have to be resolved and their addresses looked at (workers/probe/address-guard.ts).
 */
export function checkUrl(raw: string, rules: TargetRules): CheckedUrl {
  const refused = (message: string): CheckedUrl => ({ ok: false, message })
  if (raw.length > 2048) return refused('The URL has at most 2,048 characters.')
  if (!URL.canParse(raw)) return refused('This is not a URL.')
  const url = new URL(raw)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused('The URL starts with http:// or https://.')
  if (url.username || url.password) return refused('The URL must not hold a user name or a password. Use a header.')
  const host = url.hostname.replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  // An empty label (`localhost..`) is no name, and resolvers differ in what they make of it.
  if (host.split('.').includes('')) return refused('The URL has no valid host name.')
  if (rules.allowPrivate.includes(`${host}:${port}`)) return { ok: true, url, listed: true }
  if (rules.ownHosts.includes(host) || rules.ownHosts.includes(`${host}:${port}`))
    return refused('This is an address of Candor itself.')
  if (rules.standardPorts && url.port !== '')
    return refused('Only the standard ports are asked here: 80 for http, 443 for https.')
  if (REFUSED_PORTS.has(Number(port))) return refused(`Port ${port} belongs to another protocol than HTTP.`)
  const message = refuseHost(host)
  return message === null ? { ok: true, url, listed: false } : refused(message)
}
