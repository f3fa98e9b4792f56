import { parseV4, parseV6 } from './address.ts'

/*
 * Networks that a caller may come from: an address, or a CIDR block of IPv4 or IPv6. The two families do not meet: an
 * IPv4 address that is written as IPv6 (::ffff:192.0.2.1) is the IPv4 address.
 */

interface Address {
  value: bigint
  /** Bits of the family. */
  size: 32 | 128
}

const MAPPED = 0xffffn

/** An address literal, without brackets and zone; null for anything else. */
function parseAddress(text: string): Address | null {
  const v4 = parseV4(text)
  if (v4 !== null) return { value: v4, size: 32 }
  const v6 = parseV6(text)
  if (v6 === null) return null
  return v6 >> 32n === MAPPED ? { value: v6 & 0xffffffffn, size: 32 } : { value: v6, size: 128 }
}

interface Network extends Address {
  bits: number
}

/** A network, or null. Its length is one of the family as it is written, so a mapped one has none. */
function parseNetwork(text: string): Network | null {
  const [literal = '', length, ...more] = text.split('/')
  const address = parseAddress(literal)
  if (!address || more.length > 0) return null
  if (length === undefined) return { ...address, bits: address.size }
  const isMapped = address.size === 32 && literal.includes(':')
  if (isMapped || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > address.size) return null
  return { ...address, bits: Number(length) }
}

const prefixOf = (value: bigint, { size, bits }: Network) => value >> BigInt(size - bits)

/** Why a text is no network, in a sentence; null when it is one. */
export function networkProblem(text: string): string | null {
  const network = parseNetwork(text)
  if (!network) return `"${text}" is no network: write an address, or one like 203.0.113.0/24 or 2001:db8::/32.`
  const behind = BigInt(network.size - network.bits)
  if ((network.value >> behind) << behind !== network.value)
    return `"${text}" is an address inside its network: leave /${network.bits} out, or write the network's first address.`
  return null
}

/** Whether an address is in one of some networks. What is no address, or not known, is in none. */
export function isInside(address: string | null, networks: readonly string[]): boolean {
  const caller = address === null ? null : parseAddress(address)
  if (!caller) return false
  return networks.some((text) => {
    const network = parseNetwork(text)
    return network?.size === caller.size && prefixOf(caller.value, network) === prefixOf(network.value, network)
  })
}
