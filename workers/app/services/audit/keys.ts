import { z } from 'zod'
import { ACCOUNT_LOG, type LogKind, WORKSPACE_LOG } from '../log/kind.ts'
import { query } from '../query.ts'

/** Keys that verify checkpoints of a log: the one that signs now, and the retired ones. Keep a copy. */
const keysOf = (kind: LogKind) =>
  query({
    name: `${kind.name}.keys`,
    scope: 'read',
    role: 'viewer',
    credentials: kind.credentials,
    route: `GET ${kind.path}/keys`,
    input: z.strictObject({}),
    load: () => ({}),
    answer: async (context) => ({
      data: await context.checkpointer.verifierKeys(kind.idOf(context)),
      nextCursor: null,
    }),
  })

export const listAuditKeys = keysOf(WORKSPACE_LOG)
export const listAccountKeys = keysOf(ACCOUNT_LOG)
