import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../shared/errors.ts'
import { configOf } from '../../workers/app/bindings.ts'
import { type EpochSalt, kidOf, open, type Place, seal } from '../../workers/app/crypto/sealed.ts'
import { rewrapCredentials } from '../../workers/app/services/credential/rewrap.ts'
import type { MutationAnswer } from '../../workers/app/workspace/request.ts'
import { nightlyPass } from '../lib/audit.ts'
import { MONITOR, mutateAs, newPerson, type Person } from '../lib/candor.ts'
import { pastTheGates, type Row, rowsOf, statement } from '../lib/database.ts'
import { soundLog } from '../lib/log.ts'
import { monitoringOf, until } from '../lib/monitoring.ts'
import { command, keyStatus } from '../lib/operator.ts'
import { bySystem, made } from '../lib/world.ts'

const { keyring } = configOf(env)
const [old] = [...keyring.byKid.values()].filter(({ kid }) => kid !== keyring.active.kid)
if (!old) throw new Error('The keyring of these tests has no retired key.')

/** Every column that holds a sealed value. */
const SEALED: [table: string, column: string][] = [
  ['monitor', 'headers'],
  ['monitor', 'body'],
  ['integration', 'sealed_config'],
]

let person: Person
beforeEach(async () => {
  person = await newPerson()
})

const bytesOf = (value: unknown) => new Uint8Array(value as number[])

async function saltsOf(workspaceId: string): Promise<EpochSalt[]> {
  const rows = (await rowsOf('workspace_key')).filter((row) => row.workspace_id === workspaceId)
  return rows.map(({ epoch, salt }) => ({ epoch: Number(epoch), salt: bytesOf(salt) }))
}

interface Value {
  place: Place
  blob: Uint8Array
}

/** All sealed values of the workspace. */
async function values(): Promise<Value[]> {
  const found: Value[] = []
  for (const [table, column] of SEALED)
    for (const row of (await rowsOf(table)) as Row[])
      if (row.workspace_id === person.workspaceId && row[column] !== null)
        found.push({
          place: { workspaceId: person.workspaceId, table, rowId: String(row.id), column },
          blob: bytesOf(row[column]),
        })
  return found
}

const opened = async (value: Value) =>
  (await open(keyring, await saltsOf(person.workspaceId), value.place, value.blob)).reveal()

/** As if everything had been sealed before the keyring was turned. */
async function sealedBefore(): Promise<void> {
  const salts = await saltsOf(person.workspaceId)
  const statements = []
  for (const { place, blob } of await values()) {
    const text = (await open(keyring, salts, place, blob)).reveal()
    const resealed = await seal({ ...keyring, active: old as typeof keyring.active }, salts, place, text)
    const update = `UPDATE ${place.table} SET ${place.column} = ? WHERE workspace_id = ? AND id = ?`
    statements.push(statement(update, resealed, place.workspaceId, place.rowId))
  }
  await pastTheGates(statements)
}

async function damageFirst(): Promise<void> {
  const [first] = await values()
  if (!first) return expect.unreachable()
  const { place, blob } = first
  const damaged = blob.with(-1, (blob.at(-1) ?? 0) ^ 1)
  const update = `UPDATE ${place.table} SET ${place.column} = ? WHERE workspace_id = ? AND id = ?`
  await pastTheGates([statement(update, damaged, place.workspaceId, place.rowId)])
}

async function furnish(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const config = { url: `https://hooks.example/${i}` }
    await made(person, 'integration.create', { kind: 'webhook', name: `Hook ${i}`, config })
    const headers = [{ key: 'authorization', value: `Basic ${i}` }]
    await made(person, 'monitor.create', { ...MONITOR, headers, ...(i % 2 === 0 && { body: `ping ${i}` }) })
  }
  await made(person, 'monitor.create', MONITOR)
}

const step = () => bySystem(person, 'credential.rewrap', { kid: keyring.active.kid })

describe('after the keyring was turned', () => {
  test('what an older key has sealed is sealed under the active one, in steps, and opens to the same text', async () => {
    await furnish(12)
    await sealedBefore()
    const texts = await Promise.all((await values()).map(opened))
    expect(new Set((await values()).map(({ blob }) => kidOf(blob)))).toEqual(new Set([old.kid]))
    let steps = 0
    for (let answer = await step(); answer.ok; answer = await step()) {
      steps++
      expect(await Promise.all((await values()).map(opened))).toEqual(texts)
    }
    expect(steps).toBe(2)
    expect(await step()).toMatchObject({ ok: false, code: 'conflict' })
    const after = await values()
    expect(after.map(({ blob }) => kidOf(blob))).toEqual(after.map(() => keyring.active.kid))
    expect(await Promise.all(after.map(opened))).toEqual(texts)
  })

  test('each step is an entry with the fingerprints from before and after, and no other change', async () => {
    await furnish(1)
    await sealedBefore()
    const { seq } = unwrap<MutationAnswer>(await step())
    const { leaf } = (await soundLog(person.workspaceId))[seq] ?? expect.unreachable()
    const print = { set: true, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }
    const view = {
      monitors: [{ id: expect.any(String), headers: print, body: print }],
      integrations: [{ id: expect.any(String), config: { url: print, secret: print } }],
    }
    expect(leaf).toMatchObject({ action: 'credential.rewrap', actor: { type: 'system' }, before: view, after: view })
    expect(JSON.stringify(leaf)).not.toMatch(/hooks\.example|Basic|ping/)
  })

  test('a value that does not open stays as it is, and so does everything in its step', async () => {
    await furnish(1)
    await sealedBefore()
    await damageFirst()
    const before = (await values()).map(({ blob: each }) => [...each])
    expect(await step()).toMatchObject({ ok: false, code: 'internal' })
    expect((await values()).map(({ blob: each }) => [...each])).toEqual(before)
  })
})

describe('the operator', () => {
  test('has everything of a workspace sealed again, and sees that nothing names the older key', async () => {
    await furnish(12)
    const running = { ...MONITOR, active: true, intervalSeconds: 3600, body: 'ping' }
    const id = await made(person, 'monitor.create', running)
    await sealedBefore()
    const texts = await Promise.all((await values()).map(opened))
    const keyOf = async (kid: string) => {
      const { body } = await keyStatus()
      return body.keys.find((key: { kid: string }) => key.kid === kid)
    }
    expect((await keyStatus()).body.waiting).toContain(person.workspaceId)
    const { held, values: named } = await keyOf(old.kid)
    expect([held, named >= texts.length]).toEqual([true, true])
    const { status, body } = await command(person.workspaceId, 'keys/rewrap')
    expect([status, body.steps]).toEqual([200, 2])
    expect(await Promise.all((await values()).map(opened))).toEqual(texts)
    await until('the scheduler has its copies anew', async () => {
      const monitoring = monitoringOf(person.workspaceId)
      const isThere = (await monitoring.summaries([id], 0)).length === 1
      return isThere && (await monitoring.keysOfCopies()).join() === keyring.active.kid
    })
    expect((await keyStatus()).body.waiting).not.toContain(person.workspaceId)
    expect((await command(person.workspaceId, 'keys/rewrap')).body.steps).toBe(0)
    await soundLog(person.workspaceId)
  })

  test('is told of a value that does not open, by an answer that names no secret', async () => {
    await furnish(1)
    await sealedBefore()
    await damageFirst()
    const { status, text } = await command(person.workspaceId, 'keys/rewrap')
    expect([status, /hooks|Basic|ping/.test(text)]).toEqual([500, false])
  })
})

test('every night what an older key has sealed is sealed again', async () => {
  await furnish(1)
  await sealedBefore()
  await nightlyPass(person.workspaceId)
  expect(new Set((await values()).map(({ blob }) => kidOf(blob)))).toEqual(new Set([keyring.active.kid]))
})

test('nobody but Candor itself can have credentials sealed again', async () => {
  await furnish(1)
  const input = { kid: '00000000' }
  expect(await mutateAs(person, rewrapCredentials.action, input)).toMatchObject({ ok: false, code: 'forbidden' })
})
