import { asWorkspaceId } from '../../../shared/ids.ts'
import { type Env, objectOf } from '../bindings.ts'
import { database } from '../db/client.ts'
import { monitoredWorkspaces } from '../services/account/rows.ts'

/** Objects asked at once. */
const PARALLEL = 20

const logSilence = (error: unknown) =>
  console.error(JSON.stringify({ event: 'watchdog.no_answer', error: String(error).slice(0, 200) }))

/**
 * The watchdog, each minute: asks every object that has active monitors whether its alarm still runs, and so wakes one
 * that stopped. Crons stop silently too; the objects also watch themselves whenever a page asks them for results.
 */
export async function watchMonitoring(env: Env): Promise<void> {
  const rows = await monitoredWorkspaces(database(env.DB))
  for (let i = 0; i < rows.length; i += PARALLEL)
    await Promise.all(
      rows.slice(i, i + PARALLEL).map(async (row) => {
        const workspaceId = asWorkspaceId(row.workspaceId)
        // One that cannot answer must not keep the others from being asked.
        if (workspaceId) await objectOf(env.MONITORING, env, workspaceId).tick().catch(logSilence)
      }),
    )
}
