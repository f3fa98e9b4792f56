import type { Context } from 'hono'
import type { DeliveryView } from '../../../../shared/contracts/integration.ts'
import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { idPattern } from '../../../../shared/ids.ts'
import { objectOf } from '../../bindings.ts'
import { CheckAnswer, CheckRow, CheckWaiting, type SeenCheck } from '../../pages/components/check-table.tsx'
import { DeliveryAnswer, TryRow, TryWaiting } from '../../pages/components/delivery-table.tsx'
import { NothingYet } from '../../pages/monitor-check.tsx'
import { getDelivery } from '../../services/delivery/get.ts'
import type { Edge } from '../context.ts'
import { credentialOf, read } from '../run.ts'
import type { Rows } from '../streamed.tsx'

type C = Context<Edge>

/** What was asked for at a moment that is further back is waited for no more. */
const FRESH_MS = 60_000
/** Pauses between looks, longer and longer: twenty seconds in all. */
const PAUSES = Array.from({ length: 20 }, (_, i) => Math.min(1500, Math.round(150 * 1.3 ** i)))
/** How far back a page looks that is opened without a moment. */
const RECENT_MS = 10 * 60_000
/** As many failures as open an incident. */
const MAX_CHECKS = 3

/** The moment from which on results are awaited, as `?since=` says it; null when there is none to wait for. */
export function sinceOf(c: C): number | null {
  const said = c.req.query('since') ?? ''
  const since = /^\d{13}$/.test(said) ? Number(said) : 0
  return Date.now() - since < FRESH_MS ? Math.min(since, Date.now()) : null
}

/** The message that a page is about, as `?message=` names it by the id of its effect. */
export function messageOf(c: C): string | null {
  const id = c.req.query('message') ?? ''
  return idPattern('outbox').test(id) ? id : null
}

const pause = (ms: number, gone: AbortSignal) =>
  new Promise<void>((go) => {
    const timer = setTimeout(go, ms)
    gone.addEventListener('abort', () => {
      clearTimeout(timer)
      go()
    })
  })

/** Moments to look at something: one, or until nobody waits for it any more. */
async function* looks(waits: boolean, gone: AbortSignal): AsyncGenerator<void> {
  yield
  for (const ms of waits ? PAUSES : []) {
    await pause(ms, gone)
    if (gone.aborted) return
    yield
  }
}

const isDecided = (checks: SeenCheck[]) => checks.length >= MAX_CHECKS || checks.at(-1)?.errorClass === 'none'

/** Checks of a monitor as its object makes them: until one has passed, or as many failed as open an incident. */
export const checksOf = (c: C, monitor: MonitorView, since: number | null): Rows =>
  async function* (gone) {
    const monitoring = objectOf(c.env.MONITORING, c.env, credentialOf(c).workspaceId)
    const waits = since !== null && monitor.active
    const seen: SeenCheck[] = []
    if (waits) yield <CheckWaiting>The check is on its way …</CheckWaiting>
    for await (const _ of looks(waits, gone)) {
      const results = await monitoring.resultsSince(monitor.id, since ?? Date.now() - RECENT_MS)
      for (const check of (waits ? results.slice(seen.length) : results).slice(-MAX_CHECKS)) {
        seen.push(check)
        yield <CheckRow check={check} />
        if (waits && !isDecided(seen)) yield <CheckWaiting>It failed, so it is checked again …</CheckWaiting>
      }
      if (isDecided(seen)) break
    }
    return seen.length > 0 ? <CheckAnswer name={monitor.name} checks={seen} /> : <NothingYet monitor={monitor} />
  }

/** Tries of one message as they are made: until it is delivered or given up. */
export const triesOf = (c: C, message: string, since: number | null): Rows =>
  async function* (gone) {
    const waits = since !== null
    let last: DeliveryView | null = null
    if (waits) yield <TryWaiting>The message is on its way …</TryWaiting>
    for await (const _ of looks(waits, gone)) {
      const delivery: DeliveryView | null = await read(c, getDelivery, { id: message })
      if (!delivery || delivery.attempts === last?.attempts) continue
      last = delivery
      yield <TryRow delivery={delivery} />
      if (delivery.status !== 'waiting') break
      if (waits) yield <TryWaiting>It is sent again …</TryWaiting>
    }
    return <DeliveryAnswer delivery={last} />
  }
