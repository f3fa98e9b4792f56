import type { Context, Hono } from 'hono'
import { DEPLOYMENT_LOG_PATH } from '../../../../shared/contracts/audit.ts'
import { configOf, deploymentLog } from '../../bindings.ts'
import { noSuchTile, TileRequest } from '../../services/audit/tile.ts'
import { parseInput } from '../../services/input.ts'
import type { Edge } from '../context.ts'
import { limited } from '../middleware/rate-limit.ts'

type C = Context<Edge>

const TEXT = 'text/plain; charset=utf-8'
/** The checkpoint moves on; a tile never changes, nor does a part of it. */
const SECONDS = 'public, max-age=5'
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Hashes and signatures of nobody: any page may read them. */
const SHARED = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' }

const checkpoint = async (c: C): Promise<Response> =>
  c.body(await deploymentLog(c.env).checkpoint(), 200, { ...SHARED, 'content-type': TEXT, 'cache-control': SECONDS })

async function tile(c: C): Promise<Response> {
  const { level, place } = parseInput({ input: TileRequest }, c.req.param())
  const hashes = await deploymentLog(c.env).tile(level, place)
  if (!hashes) throw noSuchTile()
  const headers = { ...SHARED, 'content-type': 'application/octet-stream', 'cache-control': FOR_EVER }
  return c.body(new Uint8Array(hashes), 200, headers)
}

/** Keys that verify the checkpoints, one a line: the one that signs now first. For whoever runs a witness. */
async function keys(c: C): Promise<Response> {
  const known = await configOf(c.env).checkpointer.verifierKeys('deployment')
  const lines = known.map(({ vkey }) => `${vkey}\n`).join('')
  return c.body(lines, 200, { ...SHARED, 'content-type': TEXT, 'cache-control': SECONDS })
}

/**
 * The deployment log as c2sp.org/tlog-tiles has one, without a credential: heads and hashes. Not its leaves, which name
 * workspaces.
 */
export function deploymentLogRoutes(app: Hono<Edge>): void {
  app.get(`${DEPLOYMENT_LOG_PATH}/checkpoint`, limited('deploymentLog'), checkpoint)
  app.get(`${DEPLOYMENT_LOG_PATH}/keys`, limited('deploymentLog'), keys)
  app.get(`${DEPLOYMENT_LOG_PATH}/tile/:level{[0-9]+}/:place{.+}`, limited('deploymentLog'), tile)
}
