import { beforeAll, describe, expect, test } from 'vitest'
import { checkpointOf, get, setPlan } from '../lib/audit.ts'
import { ask, newPerson } from '../lib/candor.ts'
import { provedLog } from '../lib/proved-log.ts'
import { hex } from '../lib/rfc6962.ts'
import { checkpointHead } from '../lib/second-verifier.ts'
import { untouchable } from '../lib/untouchable.ts'

const SIZE = 530

let { reader, vkey, leaves, tree } = {} as Awaited<ReturnType<typeof provedLog>>
beforeAll(async () => {
  ;({ reader, vkey, leaves, tree } = await provedLog(SIZE))
})

const statusOf = async (path: string) => (await get(reader, path)).status

describe('a tile', () => {
  /** Hashes of a tile by the naive tree: each of 256^level leaves. */
  async function naiveTile(level: number, index: number, width: number): Promise<string> {
    const span = 256 ** level
    const parts = Array.from({ length: width }, (_, i) =>
      tree.subtree((index * 256 + i) * span, (index * 256 + i + 1) * span),
    )
    return hex((await Promise.all(parts)).flatMap((hash) => [...hash]))
  }
  const tile = async (path: string) => hex((await get(reader, `/v1/audit/tile/${path}`)).bytes)

  test('has the hashes of the tree, whole or in part, on both levels that the log reaches', async () => {
    expect(await tile('0/000')).toBe(await naiveTile(0, 0, 256))
    expect(await tile('0/001')).toBe(await naiveTile(0, 1, 256))
    for (const width of [1, 2, 7, SIZE - 512]) expect(await tile(`0/002.p/${width}`)).toBe(await naiveTile(0, 2, width))
    for (const width of [1, 2]) expect(await tile(`1/000.p/${width}`)).toBe(await naiveTile(1, 0, width))
    expect(await tile('0/000.p/255')).toBe(await naiveTile(0, 0, 255))
    const { headers } = await get(reader, '/v1/audit/tile/0/000')
    expect(headers.get('content-type')).toBe('application/octet-stream')
  })

  test('of entries has their texts, each behind its length', async () => {
    for (const [path, from, to] of [
      ['000', 0, 256],
      ['001', 256, 512],
      ['002.p/18', 512, 530],
      ['002.p/1', 512, 513],
    ] as const) {
      const { bytes } = await get(reader, `/v1/audit/tile/entries/${path}`)
      const texts: string[] = []
      for (let at = 0; at < bytes.length; ) {
        const length = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
        texts.push(new TextDecoder().decode(bytes.slice(at + 2, at + 2 + length)))
        at += 2 + length
      }
      expect(texts).toEqual(leaves.slice(from, to))
    }
  })

  test('beyond the end of the log is not found', async () => {
    for (const path of [
      '0/002',
      '0/002.p/200',
      '0/003',
      '0/x001/000',
      '1/000',
      '1/000.p/3',
      '2/000.p/1',
      '5/000.p/1',
      'entries/003',
      'entries/x001/000',
    ])
      expect([path, await statusOf(`/v1/audit/tile/${path}`)]).toEqual([path, 404])
  })

  test('at a place that is none is refused', async () => {
    for (const path of [
      '0/0',
      '0/1000',
      '0/000.p/0',
      '0/000.p/257',
      '0/000.p/01',
      '0/x01/000',
      '0/-01',
      '6/000',
      '0/000.p/',
      'entries/1',
      '0/x999/x999/x999/x999/x999/x999/x999/x999/999',
    ])
      expect([path, await statusOf(`/v1/audit/tile/${path}`)]).toEqual([path, 422])
    for (const path of ['-1/000', 'a/000', '0'])
      expect([path, await statusOf(`/v1/audit/tile/${path}`)]).toEqual([path, 404])
  })
})

describe('proofs are nothing to be sold', () => {
  test('a free workspace has its keys, checkpoints, receipts, consistency and tiles; the texts are Pro', async () => {
    const free = await newPerson()
    await setPlan(free, 'free')
    for (const path of ['keys', 'checkpoint', 'proof/0', 'consistency?from=0&to=1', 'tile/0/000.p/1'])
      expect([path, (await get(free, `/v1/audit/${path}`)).status]).toEqual([path, 200])
    expect((await get(free, '/v1/audit/tile/entries/000.p/1')).status).toBe(402)
  })

  test('nobody has them without a credential, and nothing is touched for it', async () => {
    const { env, touches } = untouchable()
    for (const path of ['keys', 'checkpoint', 'proof/0', 'consistency?from=0&to=1', 'tile/0/000', 'tile/entries/000'])
      expect([path, (await ask('GET', `/v1/audit/${path}`, { env })).status]).toEqual([path, 401])
    expect(touches).toEqual([])
  })

  test('each workspace is shown its own log only', async () => {
    const other = await newPerson()
    expect(await statusOf('/v1/audit/proof/1')).toBe(200)
    expect((await get(other, '/v1/audit/proof/1')).status).toBe(404)
    await expect(checkpointHead(await checkpointOf(other), vkey)).rejects.toThrow()
  })
})
