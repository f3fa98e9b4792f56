import { z } from 'zod'
import type { OwnWorkspaces } from '../../../../shared/contracts/account.ts'
import { isOver } from '../../../../shared/domain/grace.ts'
import { sessionHash } from '../context.ts'
import { MAX_OWNED } from '../limits.ts'
import { query } from '../query.ts'
import { firstWorkspaces } from '../session/rows.ts'

/** As many as a menu holds: the others are at /workspaces. */
const SHOWN = 8

/** The workspaces that whoever is signed in belongs to, for the menu of every page: it travels with the page's own reads. */
export const listOwnWorkspaces = query({
  name: 'account.workspaces',
  scope: 'read',
  role: 'viewer',
  credentials: ['session'],
  input: z.strictObject({}),
  load: (db, { credential, workspaceId }) => ({
    rows: firstWorkspaces(db, workspaceId, sessionHash(credential), SHOWN),
  }),
  answer: ({ workspaceId, now }, _input, { rows }): OwnWorkspaces => ({
    workspaces: rows
      .filter(({ endsAt }) => !isOver(endsAt, now))
      .map(({ id, name }) => ({ id, name, current: id === workspaceId })),
    mayAdd: (rows[0]?.owned ?? 0) < MAX_OWNED,
  }),
})
