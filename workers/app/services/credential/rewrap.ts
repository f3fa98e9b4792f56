import { z } from 'zod'
import { AppError } from '../../../../shared/errors.ts'
import { openConfig, sealConfig } from '../integration/config.ts'
import { setIntegration } from '../integration/rows.ts'
import { integrationView } from '../integration/view.ts'
import { setMonitor } from '../monitor/rows.ts'
import { resealed } from '../monitor/seal.ts'
import { monitorView } from '../monitor/view.ts'
import { mutation, write } from '../mutation.ts'
import { integrationsUnderOtherKeys, monitorsUnderOtherKeys } from './rows.ts'

/** Rows of a table a step: the entry names them all, and a person's change waits no longer than one step. */
const STEP = 10

const secretsOfMonitor = (row: Parameters<typeof monitorView>[0]) => {
  const { id, headers, body } = monitorView(row, [])
  return { id, headers, body }
}
const secretsOfIntegration = (row: Parameters<typeof integrationView>[0]) => {
  const { id, config } = integrationView(row)
  return { id, config }
}

/**
 * Seals what stands under an older master key under the active one, in steps. A step is all or nothing, so each value
 * opens at every moment, and a rotation that was interrupted goes on where it was. The entry has the fingerprints from
 * before and after, because those are keyed too: without it every secret would look replaced.
 */
export const rewrapCredentials = mutation({
  action: 'credential.rewrap',
  scope: 'write',
  role: 'owner',
  credentials: ['system'],
  /** The active key: statements cannot see the keyring. */
  whileEnding: true,
  input: z.strictObject({ kid: z.string().regex(/^[0-9a-f]{8}$/) }),
  load: (db, { workspaceId }, { kid }) => ({
    monitors: monitorsUnderOtherKeys(db, workspaceId, kid, STEP),
    integrations: integrationsUnderOtherKeys(db, workspaceId, kid, STEP),
  }),
  async run(db, context, _input, rows) {
    const { workspaceId } = context
    if (rows.monitors.length + rows.integrations.length === 0)
      throw new AppError('conflict', 'Every credential is sealed under the active key.')
    const monitors = await Promise.all(
      // A new version: the scheduler keeps a copy, and takes a newer one only.
      rows.monitors.map(async (row) => ({ row, values: { ...(await resealed(context, row)), version: context.seq } })),
    )
    const integrations = await Promise.all(
      rows.integrations.map(async (row) => ({
        row,
        values: await sealConfig(context, row.id, await openConfig(context, row)),
      })),
    )
    return {
      entityId: workspaceId,
      before: {
        monitors: rows.monitors.map(secretsOfMonitor),
        integrations: rows.integrations.map(secretsOfIntegration),
      },
      after: {
        monitors: monitors.map(({ row, values }) => secretsOfMonitor({ ...row, ...values })),
        integrations: integrations.map(({ row, values }) => secretsOfIntegration({ ...row, ...values })),
      },
      writes: [
        ...monitors.map(({ row, values }) => write(setMonitor(db, workspaceId, row.id, values))),
        ...integrations.map(({ row, values }) => write(setIntegration(db, workspaceId, row.id, values))),
      ],
      effects: monitors.map(({ row }) => ({ type: 'schedule' as const, monitorId: row.id })),
    }
  },
})
