import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

type Batch = (statements: D1PreparedStatement[]) => Promise<D1Result[]>

export const isCommit = (statements: unknown[]) =>
  statements.some((statement) => /^insert into "audit_body"/i.test((statement as { statement: string }).statement))

const lost = () => new Error('D1_ERROR: Network connection lost.')

/**
 * What the network does to the batches that commit changes, one step for each, in order; batches after the last step go
 * through as they are. A step is given the batch and decides when, and whether, it reaches the database.
 */
export function commits(...steps: ((send: () => Promise<D1Result[]>) => Promise<D1Result[]>)[]): void {
  const prototype = Object.getPrototypeOf(env.DB) as { batch: Batch }
  const real = prototype.batch
  vi.spyOn(prototype, 'batch').mockImplementation(function (this: D1Database, statements) {
    const send = () => real.call(this, statements)
    const step = isCommit(statements) ? steps.shift() : undefined
    return step ? step(send) : send()
  })
}

/** The batch never arrives. */
export const neverArrives = () => Promise.reject(lost())

/** The batch is committed, and nobody hears of it. */
export async function answerIsLost(send: () => Promise<unknown>): Promise<never> {
  await send()
  throw lost()
}

/** Nothing reaches the database, reads neither. */
export function databaseIsGone(): void {
  vi.spyOn(Object.getPrototypeOf(env.DB), 'batch').mockRejectedValue(lost())
}
