import type { Surface } from '../../../shared/contracts/common.ts'
import type { Checkpointer } from '../crypto/checkpointer.ts'
import type { Db } from '../db/client.ts'
import { callerStatement, confirmCaller } from './caller.ts'
import {
  type Context,
  type Credential,
  requireCredential,
  requireRole,
  requireScope,
  type TargetRules,
} from './context.ts'
import { parseInput } from './input.ts'
import { type Load, PEOPLE_AND_KEYS } from './mutation.ts'
import type { DeploymentReceipts, MonitorFigures, Query, QueryContext } from './query.ts'

export interface ReadRequest {
  credential: Credential
  surface: Surface
  now: number
  targets: TargetRules
  checkpointer: Checkpointer
  deployment: DeploymentReceipts
  monitoring: MonitorFigures
}

/** Several queries, one caller, one D1 round trip: what a page needs. Answers in the order of the queries. */
export async function readAll<const Q extends readonly { query: Query<unknown, Load, unknown>; input: unknown }[]>(
  db: Db,
  request: ReadRequest,
  queries: Q,
): Promise<{
  context: Context
  answers: { [K in keyof Q]: Q[K]['query'] extends Query<unknown, Load, infer A> ? A : never }
}> {
  const { credential, now } = request
  for (const { query } of queries) {
    requireCredential(credential, query.credentials ?? PEOPLE_AND_KEYS)
    requireScope(credential, query.scope)
  }
  const inputs = queries.map(({ query, input }) => parseInput(query, input))
  const unconfirmed = { workspaceId: credential.workspaceId, credential, now }
  const loads = queries.map(({ query }, i) => query.load(db, unconfirmed, inputs[i]))
  const [caller, ...rows] = await db.batch([
    callerStatement(db, credential),
    ...loads.flatMap((load) => Object.values(load)),
  ])

  const context: QueryContext = {
    ...confirmCaller(credential, caller, now),
    credential,
    now,
    surface: request.surface,
    targets: request.targets,
    checkpointer: request.checkpointer,
    deployment: request.deployment,
    monitoring: request.monitoring,
  }
  for (const { query } of queries) requireRole(context, query.role)
  const answers = queries.map(({ query }, i) => {
    const names = Object.keys(loads[i] ?? {})
    const loaded = Object.fromEntries(names.map((name) => [name, rows.shift()]))
    return query.answer(context, inputs[i], loaded)
  })
  return { context, answers: (await Promise.all(answers)) as never }
}

/** One query. */
export async function readOne<A>(
  db: Db,
  request: ReadRequest,
  query: Query<unknown, Load, A>,
  input: unknown,
): Promise<{ context: Context; answer: A }> {
  const { context, answers } = await readAll(db, request, [{ query, input }])
  return { context, answer: answers[0] as A }
}
