import { z } from 'zod'
import { checkUrl, isAddressLiteral, isPublicAddress, parseHostList } from '../../shared/domain/address.ts'
import type { ErrorClass, OpenCheck } from '../../shared/domain/check.ts'
import type { ProbeEnv } from './env.ts'
import { readText } from './read.ts'

export type Guarded = { ok: true; url: URL } | { ok: false; errorClass: ErrorClass; message: string }

const DNS_TIMEOUT_MS = 5000
const MAX_DNS_BYTES = 65_536
const A = 1
const AAAA = 28
/** RFC 1035, 4.1.1: no error, and no such name. Anything else says nothing about the name's addresses. */
const ANSWERED = [0, 3]

const DnsAnswer = z.object({
  // biome-ignore-start lint/style/useNamingConvention: names of the DNS JSON format
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).optional(),
  // biome-ignore-end lint/style/useNamingConvention: end
})

/** Addresses of a name, by DNS over HTTPS (JSON form). Throws when the resolver cannot be asked. */
async function resolve(name: string, type: 'A' | 'AAAA', env: ProbeEnv, signal: AbortSignal): Promise<string[]> {
  const url = new URL(env.DOH_URL)
  url.searchParams.set('name', name)
  url.searchParams.set('type', type)
  // workerd knows no `redirect: 'error'` (it throws): a redirect is an answer that is not ok.
  const response = await fetch(url, { headers: { accept: 'application/dns-json' }, redirect: 'manual', signal })
  const text = await readText(response, MAX_DNS_BYTES)
  if (!response.ok) throw new Error(`resolver: ${response.status}`)
  const { Status: status, Answer: records = [] } = DnsAnswer.parse(JSON.parse(text))
  if (!ANSWERED.includes(status)) throw new Error(`resolver: status ${status}`)
  return records.filter((record) => record.type === (type === 'A' ? A : AAAA)).map((record) => record.data)
}

/** One question after the other: a check holds one of the Worker's six connections, never two. */
async function addressesOf(name: string, env: ProbeEnv, signal: AbortSignal): Promise<string[]> {
  return [...(await resolve(name, 'A', env, signal)), ...(await resolve(name, 'AAAA', env, signal))]
}

/**
 * Stands before every request and every redirect. A name is resolved and each of its addresses has to be public; what
 * cannot be resolved is refused. On the platform `global_fetch_strictly_public` is a second net; on one machine this is
 * the only one, and a name that changes its answer between this look-up and the request's own is not caught by it.
 */
export async function guard(raw: string, env: ProbeEnv, signal: AbortSignal, open?: OpenCheck): Promise<Guarded> {
  const rules = {
    allowPrivate: open?.listed === false ? [] : parseHostList(env.ALLOW_PRIVATE_TARGETS),
    ownHosts: parseHostList(env.OWN_HOSTS),
    standardPorts: open !== undefined,
  }
  const checked = checkUrl(raw, rules)
  if (!checked.ok) return { ok: false, errorClass: 'address_refused', message: checked.message }
  const host = checked.url.hostname.replace(/\.$/, '')
  if (checked.listed || isAddressLiteral(host)) return { ok: true, url: checked.url }
  const limited = AbortSignal.any([signal, AbortSignal.timeout(DNS_TIMEOUT_MS)])
  const addresses = await addressesOf(host, env, limited).catch(() => null)
  signal.throwIfAborted()
  if (addresses === null) return { ok: false, errorClass: 'dns', message: `The name ${host} could not be resolved.` }
  if (addresses.length === 0) return { ok: false, errorClass: 'dns', message: `The name ${host} has no address.` }
  if (!addresses.every(isPublicAddress))
    return {
      ok: false,
      errorClass: 'address_refused',
      message: `The name ${host} leads to an address that is not on the public internet.`,
    }
  return { ok: true, url: checked.url }
}
