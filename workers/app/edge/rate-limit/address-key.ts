/**
 * What an address is counted as. Of an IPv6 address the first 64 bits, which is the least that a network is given: whoever
 * has one has 2^64 of them.
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  // An IPv4 address at the end stands for two groups.
  const dotted = [...first, ...last].some((group) => group.includes('.')) ? 1 : 0
  const gap = tail === undefined ? 0 : Math.max(0, 8 - dotted - first.length - last.length)
  const groups = [...first, ...Array<string>(gap).fill('0'), ...last].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
