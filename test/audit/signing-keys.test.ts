import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { toBase64 } from '../../shared/domain/base64.ts'
import { formatVerifier, noteVerifier, parseVerifier } from '../../shared/domain/note.ts'
import { checkpointOf, exported, get, verdictOf } from '../lib/audit.ts'
import { nextSeq } from '../lib/database.ts'
import { newKey } from '../lib/keys.ts'
import { provedLog } from '../lib/proved-log.ts'
import { checkpointHead } from '../lib/second-verifier.ts'

const SIZE = 40

let { person, vkey } = {} as Awaited<ReturnType<typeof provedLog>>
beforeAll(async () => {
  ;({ person, vkey } = await provedLog(SIZE))
})

const verifiers = async (key = vkey) => [(await parseVerifier(key)) ?? expect.unreachable()]

describe('when the signing key is changed', () => {
  test('the retired one is still published, and verifies what it has signed; the new one verifies all that comes', async () => {
    const old = await checkpointOf(person, 30)
    const [publicKey] = (await verifiers()).map((verifier) => toBase64(verifier.publicKey))
    const ring = [
      { key: newKey(), state: 'active' },
      { publicKey, state: 'retired' },
    ]
    const turned = { ...env, AUDIT_KEYRING: JSON.stringify(ring) }
    const { data } = JSON.parse((await get(person, '/v1/audit/keys', turned)).text)
    expect(data).toEqual([
      { vkey: expect.not.stringContaining(vkey), state: 'active' },
      { vkey, state: 'retired' },
    ])
    const keys: string[] = data.map((key: { vkey: string }) => key.vkey)
    const [fresh = ''] = keys
    const now = (await get(person, '/v1/audit/checkpoint', turned)).text
    expect((await checkpointHead(now, fresh)).size).toBe(await nextSeq(person.workspaceId))
    expect((await checkpointHead(old, vkey)).size).toBe(30)
    await expect(checkpointHead(now, vkey)).rejects.toThrow()
    await expect(checkpointHead(old, fresh)).rejects.toThrow()

    const { text } = await get(person, '/v1/audit-logs/export?format=ndjson', turned)
    expect(await verdictOf(text, { keys, since: old })).toBe('sound')
    expect(await verdictOf(text, { keys: [vkey], since: old })).toBe('bad signature')
    // Where the old key was not kept as a retired one, what it signed is of nobody that is known.
    expect(await verdictOf(text, { keys: [fresh], since: old })).toBe('bad signature')
    expect(await verdictOf(await exported(person), { keys, since: now })).toBe('sound')
  })

  test('a verifier key is the public key under the name of the log', async () => {
    const [verifier] = await verifiers()
    const again = await noteVerifier(
      `localhost:8787/audit/${person.workspaceId}`,
      verifier?.publicKey ?? new Uint8Array(),
    )
    expect(formatVerifier(again)).toBe(vkey)
  })
})
