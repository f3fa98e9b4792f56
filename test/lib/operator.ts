import { env } from 'cloudflare:workers'
import { type Answer, ask } from './candor.ts'

export const OPERATOR_KEY = String(env.OPERATOR_KEY)

/** A command as `npm run candor` sends it. */
export const command = (
  workspaceId: string,
  what: 'plan' | 'audit/status' | 'audit/accept',
  body: object = {},
): Promise<Answer> => ask('POST', `/operator/workspaces/${workspaceId}/${what}`, { as: OPERATOR_KEY, body })
