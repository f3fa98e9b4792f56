import { applyD1Migrations, type D1Migration, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, expect } from 'vitest'
import type { Env } from '../workers/app/bindings.ts'
import { complaintsSoFar, inspectStatements } from './lib/inspected.ts'
import { queueAtRest } from './lib/queue.ts'

declare global {
  namespace Cloudflare {
    interface Env extends AppEnv {
      TEST_MIGRATIONS: D1Migration[]
    }
  }
}
type AppEnv = Env

// Storage belongs to a file: with `isolate: false` the next file would see this one's rows. `reset` drops tables too.
const goOn = await queueAtRest()
await reset()
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
goOn()

// Whatever a test is about: no statement on a tenant's table goes out without its tenant.
await inspectStatements()
afterAll(() => expect(complaintsSoFar()).toEqual([]))
