import { beforeAll, describe, expect, test } from 'vitest'
import { toBase64 } from '../../shared/domain/base64.ts'
import { readCheckpoint } from '../../shared/domain/checkpoint.ts'
import { isConsistent, rootFromInclusion } from '../../shared/domain/merkle-proof.ts'
import { parseVerifier } from '../../shared/domain/note.ts'
import { checkpointOf, get, vkeyOf } from '../lib/audit.ts'
import { ask, newPerson } from '../lib/candor.ts'
import { nextSeq } from '../lib/database.ts'
import { provedLog } from '../lib/proved-log.ts'
import { hex } from '../lib/rfc6962.ts'
import { checkpointHead, checkReceipt, isContinued, type SignedHead } from '../lib/second-verifier.ts'

const encoder = new TextEncoder()
const SIZE = 530

let { person, reader, vkey, leaves, hashes, tree } = {} as Awaited<ReturnType<typeof provedLog>>
beforeAll(async () => {
  ;({ person, reader, vkey, leaves, hashes, tree } = await provedLog(SIZE))
})

const verifiers = async (key = vkey) => [(await parseVerifier(key)) ?? expect.unreachable()]
const headAt = async (size: number): Promise<SignedHead> => checkpointHead(await checkpointOf(reader, size), vkey)
const statusOf = async (path: string) => (await get(reader, path)).status

describe('a checkpoint', () => {
  test('is the signed root of the log at any size that it has had, by two verifiers', async () => {
    for (const size of [1, 2, 3, 255, 256, 257, 511, 512, SIZE]) {
      const text = await checkpointOf(reader, size)
      const root = hex(await tree.root(size))
      const head = await checkpointHead(text, vkey)
      expect([head.origin, head.size, hex(head.root)]).toEqual([
        `localhost:8787/audit/${person.workspaceId}`,
        size,
        root,
      ])
      const read = await readCheckpoint(text, await verifiers())
      expect(read.ok && [read.head.size, hex(read.head.root)]).toEqual([size, root])
    }
    expect(await checkpointOf(reader)).toBe(await checkpointOf(reader, await nextSeq(person.workspaceId)))
  })

  test('has the form of a C2SP checkpoint, byte for byte', async () => {
    const text = await checkpointOf(reader, 300)
    const origin = `localhost:8787/audit/${person.workspaceId}`
    expect(text).toMatch(/\n\n\u2014 \S+ [A-Za-z0-9+/]+={0,2}\n$/u)
    expect(text.split('\n').slice(0, 4)).toEqual([origin, '300', toBase64(await tree.root(300)), ''])
    expect(text.split('\n').slice(4)).toEqual([expect.stringMatching(new RegExp(`^\u2014 ${origin} `, 'u')), ''])
    const { headers } = await get(reader, '/v1/audit/checkpoint')
    expect(headers.get('content-type')).toMatch(/^text\/plain/)
  })

  test('is accepted by no verifier once any byte of it is another', async () => {
    const text = await checkpointOf(reader, 300)
    const bytes = encoder.encode(text)
    const known = await verifiers()
    const accepted: number[] = []
    for (const at of bytes.keys()) {
      const altered = new TextDecoder().decode(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)))
      if ((await readCheckpoint(altered, known)).ok) accepted.push(at)
    }
    expect(accepted).toEqual([])
    expect((await readCheckpoint(text, known)).ok).toBe(true)
  })

  test('of the empty log is the hash of nothing; of a size that the log has not had there is none', async () => {
    const empty = await headAt(0)
    expect([empty.size, hex(empty.root)]).toEqual([0, hex(await tree.root(0))])
    expect(await statusOf(`/v1/audit/checkpoint?size=${SIZE + 1}`)).toBe(404)
    for (const size of ['-1', '1.5', 'all', '1e30'])
      expect([size, await statusOf(`/v1/audit/checkpoint?size=${size}`)]).toEqual([size, 422])
  })
})

describe('a receipt', () => {
  test('of every entry leads to the root that is signed for it, by two verifiers', async () => {
    for (let seq = 0; seq < SIZE; seq += seq < 40 || seq > 500 ? 1 : 23) {
      const { text } = await get(reader, `/v1/audit/proof/${seq}`)
      const { index, head } = await checkReceipt(text, leaves[seq] ?? '', vkey)
      expect([index, head.size, hex(head.root)]).toEqual([seq, seq + 1, hex(await tree.root(seq + 1))])
      const path = text.slice(0, text.indexOf('\n\n')).split('\n').slice(2)
      const bytes = path.map((hash) => Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)))
      const root = await rootFromInclusion(hashes[seq] ?? new Uint8Array(), seq, seq + 1, bytes)
      expect(hex(root ?? [])).toBe(hex(head.root))
    }
  })

  test('has the form of c2sp.org/tlog-proof, and ends with the checkpoint of the entry', async () => {
    const { text, headers } = await get(reader, '/v1/audit/proof/300')
    expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 300\n(?:[A-Za-z0-9+/]{43}=\n)+\n/)
    expect(text.slice(text.indexOf('\n\n') + 2)).toBe(await checkpointOf(reader, 301))
    expect(headers.get('content-type')).toMatch(/^text\/plain/)
    expect((await get(reader, '/v1/audit/proof/0')).text).toBe(
      `c2sp.org/tlog-proof@v1\nindex 0\n\n${await checkpointOf(reader, 1)}`,
    )
  })

  test('proves nothing once any byte of it is another, nor for another text', async () => {
    const { text } = await get(reader, '/v1/audit/proof/37')
    const leaf = leaves[37] ?? ''
    expect((await checkReceipt(text, leaf, vkey)).index).toBe(37)
    const bytes = encoder.encode(text)
    const accepted: number[] = []
    for (const at of bytes.keys()) {
      const altered = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
      const proves = checkReceipt(new TextDecoder().decode(altered), leaf, vkey)
      if (
        await proves.then(
          () => true,
          () => false,
        )
      )
        accepted.push(at)
    }
    expect(accepted).toEqual([])
    await expect(checkReceipt(text, leaf.replace('"at":', '"at": '), vkey)).rejects.toThrow()
    await expect(checkReceipt(text, leaves[36] ?? '', vkey)).rejects.toThrow()
    const stranger = await newPerson()
    await expect(checkReceipt(text, leaf, await vkeyOf(stranger))).rejects.toThrow()
  })

  test('of an entry that there is not, there is not', async () => {
    expect(await statusOf(`/v1/audit/proof/${SIZE}`)).toBe(404)
    for (const seq of ['-1', 'x', '1.5', '9007199254740993'])
      expect([seq, await statusOf(`/v1/audit/proof/${seq}`)]).toEqual([seq, 422])
  })
})

describe('a proof of consistency', () => {
  const proofOf = async (from: number, to: number): Promise<string[]> =>
    (await ask('GET', `/v1/audit/consistency?from=${from}&to=${to}`, { as: person })).body.proof

  test('holds for every two sizes up to forty, by two verifiers', async () => {
    const heads = await Promise.all(Array.from({ length: 41 }, (_, size) => headAt(size)))
    for (const newer of heads) {
      const olders = heads.slice(0, newer.size + 1)
      const verdicts = await Promise.all(
        olders.map(async (older) => {
          const proof = await proofOf(older.size, newer.size)
          const bytes = proof.map((hash) => Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)))
          return [older.size, await isContinued(older, newer, proof), await isConsistent(older, newer, bytes)]
        }),
      )
      expect([newer.size, verdicts]).toEqual([newer.size, olders.map(({ size }) => [size, true, true])])
    }
  })

  test('holds over hundreds of entries, and for no other history', async () => {
    for (const [from, to] of [
      [1, SIZE],
      [255, 256],
      [256, 512],
      [257, 511],
      [300, SIZE],
      [511, 513],
      [SIZE, SIZE],
    ] as const) {
      const [older, newer] = [await headAt(from), await headAt(to)]
      const proof = await proofOf(from, to)
      expect([from, to, await isContinued(older, newer, proof)]).toEqual([from, to, true])
      const other = { ...older, root: older.root.map((byte) => byte ^ 1) }
      expect([from, to, await isContinued(other, newer, proof)]).toEqual([from, to, false])
      if (proof.length > 0) expect(await isContinued(older, newer, proof.slice(1))).toBe(false)
    }
  })

  test('is refused for sizes that the log has not had or that are none, and answers both sizes', async () => {
    const { body } = await ask('GET', '/v1/audit/consistency?from=3&to=7', { as: reader })
    expect(body).toMatchObject({ from: 3, to: 7 })
    expect(await statusOf(`/v1/audit/consistency?from=1&to=${SIZE + 1}`)).toBe(404)
    for (const query of ['from=7&to=3', 'from=1', 'to=1', '', 'from=-1&to=3', 'from=a&to=b', 'from=1&to=3&more=1'])
      expect([query, await statusOf(`/v1/audit/consistency?${query}`)]).toEqual([query, 422])
  })
})
