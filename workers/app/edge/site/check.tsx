import type { Context } from 'hono'
import { checkUrl, withScheme } from '../../../../shared/domain/address.ts'
import { askProbe } from '../../../../shared/domain/ask-probe.ts'
import { toBase64 } from '../../../../shared/domain/base64.ts'
import type { CheckResult, HttpCheck } from '../../../../shared/domain/check.ts'
import { AppError } from '../../../../shared/errors.ts'
import { unknown } from '../../../../shared/fault.ts'
import { configOf, isLoopback } from '../../bindings.ts'
import { sha256, utf8 } from '../../crypto/bytes.ts'
import { CheckPage, CheckUrlPage } from '../../pages/check.tsx'
import { CheckAnswer, CheckRow, CheckWaiting, type SeenCheck } from '../../pages/components/check-table.tsx'
import type { Edge } from '../context.ts'
import { refused, statusOf } from '../dashboard/form.ts'
import { navigationOf } from '../navigation.ts'
import { page } from '../page.ts'
import { count, countAddress } from '../rate-limit/count.ts'
import { type Rows, streamed } from '../streamed.tsx'

type C = Context<Edge>

const CHECKS = 3
const TIMEOUT_MS = 5000
/** On top of a check's own limit: its look-up, and the call of the probe. */
const GRACE_MS = 2000

/**
 * Whether private targets that the operator lists for monitors may be reached: while Candor is tried by whoever sits at
 * its machine. They are nothing for anybody who comes by from elsewhere, through a proxy too.
 */
function mayListed(c: C): boolean {
  const { production, publicUrl } = configOf(c.env)
  return !production && isLoopback(new URL(publicUrl))
}

/** The address that somebody typed. Throws what the form says beside its field. */
function targetOf(c: C, typed: string): URL {
  const { allowPrivate, ownHosts } = configOf(c.env)
  const refuse = (message: string) => new AppError('invalid', message, [{ field: 'url', message }])
  if (typed === '') throw refuse('Enter the address of a site or an API.')
  const rules = { allowPrivate: mayListed(c) ? allowPrivate : [], ownHosts, standardPorts: true }
  const checked = checkUrl(withScheme(typed), rules)
  if (!checked.ok) throw refuse(checked.message)
  return checked.url
}

/** Counts one request for checks: of its address, of the host that is checked, and of all. */
async function countCheck(c: C, { hostname }: URL): Promise<void> {
  await count(c, 'openTarget', toBase64(await sha256(utf8(hostname.replace(/\.$/, '')))))
  await count(c, 'openChecks', 'all')
}

/** One check, with nothing in it that its asker has chosen but the address. */
async function checkOnce(c: C, { href }: URL, gone: AbortSignal): Promise<SeenCheck> {
  const { publicUrl } = configOf(c.env)
  const check: HttpCheck = {
    id: c.get('requestId'),
    kind: 'http',
    url: href,
    method: 'GET',
    headers: [],
    body: null,
    timeoutMs: TIMEOUT_MS,
    followRedirects: true,
    open: { listed: mayListed(c), page: `${publicUrl}/check` },
  }
  const at = Date.now()
  const limit = AbortSignal.any([gone, AbortSignal.timeout(TIMEOUT_MS + GRACE_MS)])
  const [result] = await askProbe(c.env.PROBE_LOCAL, [check], limit).catch((error): CheckResult[] => {
    if (!gone.aborted) unknown('probe.failed', error)
    return []
  })
  return result ?? { at, latencyMs: 0, status: 0, errorClass: 'probe_internal' }
}

/** What another check would only say again. */
const IS_FINAL = ['address_refused', 'probe_internal']

const rowsFor = (c: C, target: URL): Rows =>
  async function* (gone) {
    const checks: SeenCheck[] = []
    for (let number = 1; number <= CHECKS; number++) {
      yield <CheckWaiting>{`Check ${number} of ${CHECKS} is under way …`}</CheckWaiting>
      const check = await checkOnce(c, target, gone)
      checks.push(check)
      yield <CheckRow check={check} />
      if (IS_FINAL.includes(check.errorClass)) break
    }
    return <CheckAnswer name={target.host} checks={checks} />
  }

/**
 * Checks an address for anybody, while they look. It is a GET so that a form without JavaScript can ask, and has effects
 * outside: so nothing but a page that a person opens has them, and a link of somebody else's only fills in the form.
 */
export async function checkPage(c: C): Promise<Response> {
  c.header('x-robots-tag', 'noindex')
  const typed = c.req.query('url')?.trim()
  const values = { url: typed }
  const came = navigationOf(c)
  if (came === 'embedded')
    throw new AppError('forbidden', 'A check is made for somebody who opens this page, and not for what loads it.')
  if (typed === undefined || came === 'elsewhere')
    return page(c, <CheckUrlPage state={{ values, errors: [] }} led={typed !== undefined} />)
  try {
    await countAddress(c, 'openCheck')
    const target = targetOf(c, typed)
    if (c.req.method === 'GET') await countCheck(c, target)
    return streamed(c, <CheckPage target={target} checks={CHECKS} />, rowsFor(c, target))
  } catch (error) {
    return page(c, <CheckUrlPage state={refused(error, values)} />, statusOf(error))
  }
}
