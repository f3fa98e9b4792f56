import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../../../../shared/errors.ts'
import type { Mutation } from '../../services/mutation.ts'
import { MUTATIONS } from '../../services/mutations.ts'
import { QUERIES } from '../../services/queries.ts'
import type { Query } from '../../services/query.ts'
import type { Edge } from '../context.ts'
import { queryOf } from '../query.ts'
import { mutate, noteKeyUse, read, requireMay } from '../run.ts'
import { bodyOf } from './body.ts'
import { exportRoute } from './export.ts'
import { workspaceExportRoute } from './workspace-export.ts'

const MAX_BODY_BYTES = 128 * 1024

/** The REST API: every query and every mutation of the registers that has a route. */
export function api() {
  const app = new Hono<Edge>()
  app.use(async (c, next) => {
    c.set('surface', 'api')
    await next()
  })
  exportRoute(app)
  workspaceExportRoute(app)
  const paths = new Map<string, string[]>()
  for (const operation of [...QUERIES, ...MUTATIONS]) {
    if (!operation.route) continue
    const [method = '', path = ''] = operation.route.split(' ')
    paths.set(path, [...(paths.get(path) ?? []), method])
    if ('name' in operation) mountQuery(app, path, operation)
    else mountMutation(app, method, path, operation)
  }
  for (const [path, methods] of paths)
    app.all(path, (c) => {
      c.header('Allow', methods.join(', '))
      throw new AppError(
        'method_not_allowed',
        `${c.req.method} is not available here. There is: ${methods.join(', ')}.`,
      )
    })
  return app
}

function mountQuery(app: Hono<Edge>, path: string, query: Query): void {
  app.get(path, async (c) => {
    const answer = await read(c, query, { ...queryOf(c), ...c.req.param() })
    noteKeyUse(c)
    if (query.format === 'text') return c.text(answer as string)
    if (query.format === 'bytes')
      return c.body(answer as Uint8Array<ArrayBuffer>, 200, { 'content-type': 'application/octet-stream' })
    return c.json(answer as object)
  })
}

function mountMutation(app: Hono<Edge>, method: string, path: string, verb: Mutation): void {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError('too_large', `A request has at most ${MAX_BODY_BYTES / 1024} KB.`)
    },
  })
  const may = async (c: Parameters<typeof requireMay>[0], next: () => Promise<void>) => {
    requireMay(c, verb)
    await next()
  }
  app.on(method, path, may, limit, async (c) => {
    const input = { ...(await bodyOf(c.req.raw)), ...c.req.param() }
    const { after, reveal, replayed } = await mutate(c, verb, input)
    noteKeyUse(c)
    if (replayed) c.header('Idempotency-Replayed', 'true')
    if (after === null) return c.body(null, 204)
    return c.json({ ...after, ...reveal }, verb.action.endsWith('.create') ? 201 : 200)
  })
}
