import { env } from 'cloudflare:workers'
import { type Answer, type Asked, ask } from './candor.ts'

export const OPERATOR_KEY = String(env.OPERATOR_KEY)

/** Which master keys are named by what is sealed. */
export const keyStatus = (body: object = {}, asked: Asked = {}): Promise<Answer> =>
  ask('POST', '/operator/keys/status', { as: OPERATOR_KEY, body, ...asked })

/** A command as `npm run candor` sends it. */
export const command = (
  workspaceId: string,
  what: 'plan' | 'audit/status' | 'audit/accept' | 'keys/rewrap',
  body: object = {},
): Promise<Answer> => ask('POST', `/operator/workspaces/${workspaceId}/${what}`, { as: OPERATOR_KEY, body })
