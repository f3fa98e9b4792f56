import type { Context } from 'hono'
import { AskKeyStatus, type KeyStatus } from '../../../../shared/contracts/operator.ts'
import { asWorkspaceId, type WorkspaceId } from '../../../../shared/ids.ts'
import { configOf, type Env, objectOf } from '../../bindings.ts'
import { database } from '../../db/client.ts'
import { parseInput } from '../../services/input.ts'
import { keyUse, workspacesWithSecretMonitors } from '../../services/operator/rows.ts'
import { bodyOf } from '../api/body.ts'
import type { Edge } from '../context.ts'

/** Objects asked at once. */
const PARALLEL = 20

/** Keys that the copies of schedulers name. They follow their rows within seconds; until then the old key is needed. */
async function copiesIn(env: Env, ids: WorkspaceId[]): Promise<{ kid: string; workspaceId: string }[]> {
  const found: { kid: string; workspaceId: string }[] = []
  for (let i = 0; i < ids.length; i += PARALLEL)
    await Promise.all(
      ids.slice(i, i + PARALLEL).map(async (workspaceId) => {
        for (const kid of await objectOf(env.MONITORING, env, workspaceId).keysOfCopies())
          found.push({ kid, workspaceId })
      }),
    )
  return found
}

/**
 * Which master keys are named by what is sealed, over all workspaces, and who has to be sealed again; and by the copies of
 * a page of schedulers, each of which is asked by itself.
 */
export async function keyStatus(c: Context<Edge>): Promise<Response> {
  const { keyring } = configOf(c.env)
  const { cursor = '', limit } = parseInput({ input: AskKeyStatus }, await bodyOf(c.req.raw))
  const db = database(c.env.DB)
  const [headers, bodies, configs, monitored] = await db.batch([
    ...keyUse(db),
    workspacesWithSecretMonitors(db, cursor, limit + 1),
  ])
  const rows = [...headers, ...bodies, ...configs]
  const page = monitored.slice(0, limit)
  const copies = await copiesIn(
    c.env,
    page.flatMap(({ workspaceId }) => asWorkspaceId(workspaceId) ?? []),
  )
  const active = keyring.active.kid
  const kids = new Set([...keyring.byKid.keys(), ...rows.map(({ kid }) => kid), ...copies.map(({ kid }) => kid)])
  const answer: KeyStatus = {
    active,
    keys: [...kids].map((kid) => ({
      kid,
      held: keyring.byKid.has(kid),
      values: rows.filter((row) => row.kid === kid).reduce((sum, { values }) => sum + values, 0),
      copies: copies.filter((copy) => copy.kid === kid).length,
    })),
    next: monitored.length > limit ? (page.at(-1)?.workspaceId ?? null) : null,
    waiting: [...new Set(rows.filter(({ kid }) => kid !== active).map(({ workspaceId }) => workspaceId))],
  }
  return c.json(answer)
}
