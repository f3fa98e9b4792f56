import { z } from 'zod'

/**
 * One form for comparing: trimmed, lower case, ASCII only; null for what is no address in that form. ASCII is asked for
 * first: lower case turns the Kelvin sign into a "k", and so a look-alike into somebody's address.
 */
export function normaliseEmail(email: string): string | null {
  const given = email.trim()
  return /^[\x21-\x7e]{3,254}$/.test(given) && z.email().safeParse(given).success ? given.toLowerCase() : null
}

/**
 * A part of a domain as it goes over the wire; null for one that would become a plain word. Mapping takes away widths,
 * invisible characters and the Kelvin sign: two addresses that are written differently would be one.
 */
function asciiLabel(label: string): string | null {
  if (/^[\x21-\x7e]*$/.test(label)) return label
  if (!/^[\p{L}\p{N}\p{M}-]+$/u.test(label)) return null
  const address = `http://${label}.test`
  const ascii = URL.canParse(address) ? new URL(address).hostname.slice(0, -'.test'.length) : ''
  return ascii.startsWith('xn--') ? ascii : null
}

/**
 * The same form of an address that somebody typed, whose domain may be written in letters of any script. Letters that only
 * look alike stay different: they make another "xn--" name.
 */
export function normaliseTypedEmail(email: string): string | null {
  const [, local = '', domain = ''] = /^(.*)@([^@]*)$/su.exec(email.trim()) ?? []
  const labels = domain.split('.').map(asciiLabel)
  return labels.includes(null) ? null : normaliseEmail(`${local}@${labels.join('.')}`)
}
