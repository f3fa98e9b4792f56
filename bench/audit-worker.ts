import { DurableObject } from 'cloudflare:workers'
import { type Result, unwrap } from '../shared/errors.ts'
import { asWorkspaceId, newId, type WorkspaceId } from '../shared/ids.ts'
import { type Env, objectOf } from '../workers/app/bindings.ts'
import type { Credential } from '../workers/app/services/context.ts'
import type { MutationAnswer } from '../workers/app/workspace/request.ts'

export { Account } from '../workers/app/account/account.ts'
export { DeploymentLog } from '../workers/app/deployment-log/deployment-log.ts'
export { Monitoring } from '../workers/app/monitoring/scheduler.ts'
export { Workspace } from '../workers/app/workspace/workspace.ts'

interface BenchEnv extends Env {
  FLOOR: DurableObjectNamespace<Floor>
}

/** What the platform itself takes for a write by one object: a bare D1 batch of two statements, in turn. */
export class Floor extends DurableObject<BenchEnv> {
  #last: Promise<unknown> = Promise.resolve()

  write(i: number): Promise<void> {
    const turn = this.#last.then(async () => {
      await this.env.DB.batch([
        this.env.DB.prepare('INSERT INTO floor (text) VALUES (?)').bind(`row ${i}`),
        this.env.DB.prepare('INSERT INTO floor (text) VALUES (?)').bind(`log ${i}`),
      ])
    })
    this.#last = turn
    return turn
  }
}

const NOBODY = { ip: null, userAgent: null }

async function mutate(env: Env, credential: Credential, action: string, input: unknown): Promise<string> {
  const request = { action, input, credential, surface: 'api' as const, requestId: newId('request') }
  const stub = objectOf(env.WORKSPACE, env, credential.workspaceId)
  const answer: Result<MutationAnswer> = await stub.mutate({ ...request, idempotencyKey: null, client: NOBODY })
  return unwrap<MutationAnswer>(answer).entityId
}

/** The plan's limit. */
const MAX_INTEGRATIONS = 50

/** A person with a workspace, and so many integrations to change. */
async function prepare(env: Env, things: number) {
  const workspaceId = asWorkspaceId(newId('workspace')) as WorkspaceId
  const userId = newId('user')
  const hash = [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  const email = `${userId.toLowerCase()}@bench.test`
  const identity = { issuer: 'https://bench.test', subject: userId, name: 'Bench', email }
  const newcomer = { identityId: newId('identity'), email }
  const session = { hash, attempt: newId('request'), workspaceId }
  const common = { userId, requestId: newId('request'), client: NOBODY, now: Date.now() }
  unwrap(
    await objectOf(env.ACCOUNT, env, userId).mutate({
      ...common,
      type: 'session.create',
      provider: 'github',
      identity,
      newcomer,
      session,
    }),
  )
  await mutate(env, { type: 'sign_in', workspaceId, userId }, 'workspace.create', { name: 'Bench' })
  const credential: Credential = { type: 'session', workspaceId, hash }
  // Changes without effects: what has to happen because of a change happens after its answer.
  const webhook = { kind: 'webhook', name: 'On call', config: { url: 'https://hooks.example' } }
  const ids: string[] = []
  for (let i = 0; i < Math.min(things, MAX_INTEGRATIONS); i++)
    ids.push(await mutate(env, credential, 'integration.create', webhook))
  return { credential, ids }
}

/** Runs `count` tasks in so many lanes; tasks a second. */
async function rate(count: number, lanes: number, task: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const started = performance.now()
  const lane = async () => {
    while (next < count) await task(next++)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (count * 1000) / (performance.now() - started)
}

/** One workspace for each number of things, so that what happens once in each is over before anything is measured. */
const prepared = new Map<number, Awaited<ReturnType<typeof prepare>>>()

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { searchParams } = new URL(request.url)
    const [what, count, lanes, things] = [
      searchParams.get('what'),
      ...['count', 'lanes', 'things'].map((name) => Number(searchParams.get(name))),
    ] as [string, number, number, number]
    if (what === 'prepare') {
      await env.DB.exec('CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
      prepared.set(things, await prepare(env, things))
      return Response.json(0)
    }
    const floor = env.FLOOR.get(env.FLOOR.idFromName('floor'))
    if (what === 'floor') return Response.json(await rate(count, lanes, (i) => floor.write(i)))
    const { credential, ids } = prepared.get(things) ?? (await prepare(env, things))
    const change = (i: number) =>
      mutate(env, credential, 'integration.update', { id: ids[i % ids.length] ?? '', name: `On call ${i}` })
    return Response.json(await rate(count, lanes, change))
  },
}
