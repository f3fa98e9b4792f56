import { applyD1Migrations, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { WorkspaceId } from '../../shared/ids.ts'
import { configOf, deploymentLog, type Env } from '../../workers/app/bindings.ts'
import { newWorkspaceId, ORIGIN, workspaceOf } from './candor.ts'
import { askAt } from './deployment.ts'
import { naiveLeafHash, naiveTree } from './rfc6962.ts'
import { checkpointHead, type SignedHead } from './second-verifier.ts'
import { newWitness, type TestWitness } from './witness.ts'

export const PREFIX = '/audit/deployment'
const encoder = new TextEncoder()

/** Nothing was ever taken. Everything else is gone as well. */
export async function newDeployment(): Promise<void> {
  await reset()
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
}

/** A request for something public, without any credential. */
export const askPublic = (path: string): Promise<Response> => askAt(`${ORIGIN}${PREFIX}${path}`, {}, env)

export const deploymentKey = async (): Promise<string> => (await (await askPublic('/keys')).text()).split('\n')[0] ?? ''
export const deploymentCheckpoint = async (): Promise<string> => (await askPublic('/checkpoint')).text()
export const deploymentHead = async (): Promise<SignedHead> =>
  checkpointHead(await deploymentCheckpoint(), await deploymentKey())

/** Hashes of a run of leaves, as a monitor gets them: whole tiles, and the part at the end. */
export async function leafHashes(size: number): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = []
  for (let from = 0; from < size; from += 256) {
    const index = String(from / 256).padStart(3, '0')
    const width = Math.min(256, size - from)
    const response = await askPublic(`/tile/0/${index}${width < 256 ? `.p/${width}` : ''}`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.slice(at, at + 32))
  }
  return hashes
}

/** The workspace's alarm, whatever it was set for. */
export const workspaceAlarm = async (workspaceId: WorkspaceId): Promise<void> => {
  const stub = workspaceOf(workspaceId)
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + 3_600_000))
  await runDurableObjectAlarm(stub)
}

/** What stands for the log of a workspace that only this test knows: it can be any history, and be signed by our key. */
export function shadowLog(workspaceId = newWorkspaceId()) {
  const leaves: Uint8Array[] = []
  const tree = () => naiveTree(leaves)
  return {
    workspaceId,
    async grow(count: number, word = 'entry'): Promise<void> {
      for (let i = 0; i < count; i++) leaves.push(await naiveLeafHash(encoder.encode(`${word} ${leaves.length}`)))
    },
    async checkpoint(size = leaves.length): Promise<string> {
      return configOf(env).checkpointer.sign(workspaceId, { size, root: await tree().root(size) })
    },
    /** PROOF(old, D[0:size]) by its definition. */
    async proof(old: number, size = leaves.length): Promise<Uint8Array[]> {
      const { subtree } = tree()
      const split = (n: number) => 2 ** Math.floor(Math.log2(n - 1))
      async function sub(m: number, from: number, to: number, whole: boolean): Promise<Uint8Array[]> {
        if (m === to) return whole ? [] : [await subtree(from, to)]
        const k = from + split(to - from)
        return m <= k
          ? [...(await sub(m, from, k, whole)), await subtree(k, to)]
          : [...(await sub(m, k, to, false)), await subtree(from, k)]
      }
      return old === 0 || old >= size ? [] : sub(old, 0, size, true)
    },
    /** Hands a head over as the workspace's object would. */
    async give(old: number, size = leaves.length) {
      const proof = await this.proof(old, size)
      return deploymentLog(env).add({ workspaceId, old, proof, checkpoint: await this.checkpoint(size) })
    },
  }
}

export const WITNESS_URL = 'https://witness.test/submit'

/** Configures the deployment log's object, until it is started anew. */
export const configure = (vars: Partial<Env>): Promise<void> =>
  runInDurableObject(deploymentLog(env), (instance) => {
    ;(instance as unknown as { env: Env }).env = { ...env, ...vars }
  })

/** A witness behind `fetch` that the deployment log is told of. `answer` stands in for its own. */
export async function witnessed(answer?: (request: Request, own: TestWitness) => Promise<Response> | Response) {
  const witness = await newWitness(await deploymentKey())
  const asked: string[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init as RequestInit)
    asked.push(`${request.method} ${request.url}`)
    return answer ? answer(request, witness) : witness.answer(request)
  })
  await configure({ WITNESS_URL, WITNESS_VKEY: witness.vkey })
  return { witness, asked }
}

/** Lets the deployment log go to its witness now. */
export const witnessAlarm = (): Promise<boolean> => runDurableObjectAlarm(deploymentLog(env))
