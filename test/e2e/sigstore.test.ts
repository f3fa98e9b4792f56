import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { naiveLeafHash, naiveTree } from '../lib/rfc6962.ts'
import { accept, accepts, checkpointOf, type Log, logOf, type Proved, provedBy } from '../node/sigstore-verifier.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from './harness.ts'

type Person = ReturnType<typeof makeBrowser>

const stateDir = newStateDir()
let candor: Candor
let ada: Person
let log: Log

const MONITOR = { kind: 'http', url: 'https://shop.example', intervalSeconds: 3600, active: false }

async function changed(status: number, ...asked: Parameters<Person['ask']>) {
  const answer = await ada.ask(...asked)
  expect([asked[1], answer.status, answer.text]).toEqual([asked[1], status, answer.text])
  return answer.body
}

/** A day's work: things made, changed and deleted, a form of the dashboard, and what was refused. */
async function work(): Promise<void> {
  const ids: string[] = []
  for (const name of ['Shop', 'Größe & Söhne', '漢字 \u{1f9ea}', '"quoted"\\', 'Search'])
    ids.push((await changed(201, 'POST', '/v1/monitors', { ...MONITOR, name })).id)
  await changed(200, 'PATCH', `/v1/monitors/${ids[0]}`, { name: 'Shop, renamed' })
  await changed(409, 'POST', `/v1/monitors/${ids[0]}/pause`)
  await changed(204, 'DELETE', `/v1/monitors/${ids[4]}`)
  await changed(201, 'POST', '/v1/status-pages', { title: 'Lumen', slug: 'lumen', monitorIds: ids.slice(0, 2) })
  await changed(201, 'POST', '/v1/api-keys', { name: 'ci', scope: 'read' })
  expect((await ada.form('/settings', { name: 'Analytical Engines' })).status).toBe(303)
}

const receiptOf = async (seq: number) => (await ada.ask('GET', `/v1/audit/proof/${seq}`)).text
const headNow = async () => (await ada.ask('GET', '/v1/audit/checkpoint')).text

/** The texts of the first entries, as the tile of them has them: each behind its length. */
async function textsOf(count: number): Promise<string[]> {
  const answer = await ada.raw(`${candor.url}/v1/audit/tile/entries/000.p/${count}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  const texts: string[] = []
  for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
    texts.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)).toString('utf8'))
  return texts
}

beforeAll(async () => {
  candor = await startCandor({ stateDir })
  ada = makeBrowser(candor.url)
  await ada.signIn('github', 'ada')
  log = logOf((await ada.ask('GET', '/v1/audit/keys')).body.data[0].vkey)
  await work()
})
afterAll(async () => {
  await candor?.stop('SIGTERM')
  removeStateDir(stateDir)
})

/** One byte of a text another, in its middle and in the middle of what it says. */
const altered = (text: string) => text.replace('"outcome":"ok"', '"outcome":"no"').replace('conflict', 'Conflict')

describe('the verifier of Sigstore, handed the log of a running Candor', () => {
  test('accepts the checkpoint and the receipt of every entry, with its text', async () => {
    const { logSize, origin } = checkpointOf(await headNow(), log)
    const size = Number(logSize)
    expect([origin, size]).toEqual([expect.stringMatching(/^localhost:\d+\/audit\/ws_/), expect.any(Number)])
    const texts = await textsOf(size)
    expect([size, texts.length]).toEqual([expect.toSatisfy((count) => count > 11), size])
    for (const [seq, text] of texts.entries()) {
      const proved = provedBy(await receiptOf(seq), text)
      expect([proved.index, Number(accept(proved, log).logSize)]).toEqual([seq, seq + 1])
      expect([seq, accepts({ ...proved, text: altered(text) }, log)]).toEqual([seq, false])
      const other = texts[(seq + 1) % size] ?? ''
      expect([seq, accepts({ ...proved, text: other }, log)]).toEqual([seq, false])
    }
  })

  test('accepts every entry of an export under its own checkpoint, and none that was altered', async () => {
    const { status, text } = await ada.ask('GET', '/v1/audit-logs/export?format=ndjson')
    expect(status).toBe(200)
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { checkpoint } = lines.at(-1)
    const entries: { seq: number; leaf: string }[] = lines.filter(({ leaf }) => leaf !== undefined)
    const { logSize, logHash } = checkpointOf(checkpoint, log)
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: Number(logSize) }, (_, seq) => seq))
    // The paths are made of the texts of all the others, by the definition of RFC 6962.
    const pathsFrom = async (leaves: string[]) => {
      const hashes = await Promise.all(leaves.map((leaf) => naiveLeafHash(Buffer.from(leaf))))
      const tree = naiveTree(hashes)
      return Promise.all(leaves.map((_, seq) => tree.path(seq)))
    }
    const leaves = entries.map(({ leaf }) => leaf)
    const paths = await pathsFrom(leaves)
    const proved = (leaf: string, index: number, path = paths[index] ?? []): Proved => ({
      text: leaf,
      index,
      path,
      checkpoint,
    })
    for (const [seq, leaf] of leaves.entries()) {
      expect(accept(proved(leaf, seq), log).logHash).toEqual(logHash)
      expect([seq, accepts(proved(altered(leaf), seq), log)]).toEqual([seq, false])
    }
    // One altered text leaves no entry of the export that is proved by its texts.
    const forged = leaves.with(3, altered(leaves[3] ?? ''))
    const others = await pathsFrom(forged)
    expect(forged.filter((leaf, seq) => accepts(proved(leaf, seq, others[seq]), log))).toEqual([])
  })

  test('refuses a head of another size or root, a signature of another log, and another path', async () => {
    const head = await headNow()
    expect(() => checkpointOf(head, log)).not.toThrow()
    const [origin = '', size = '', root = ''] = head.split('\n')
    const otherRoot = `${root.startsWith('A') ? 'B' : 'A'}${root.slice(1)}`
    for (const forged of [
      head.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`),
      head.replace(root, otherRoot),
      head.replace(`${origin}\n`, `${origin}x\n`),
    ])
      expect(() => checkpointOf(forged, log)).toThrow('invalid checkpoint signature')
    const [grace, texts] = [makeBrowser(candor.url), await textsOf(8)]
    await grace.signIn('github', 'grace')
    const theirs = (await grace.ask('GET', '/v1/audit/checkpoint')).text
    expect(() => checkpointOf(theirs, log)).toThrow('invalid checkpoint signature')
    const receipt = provedBy(await receiptOf(7), texts[7] ?? '')
    expect(receipt.path.length).toBe(3)
    expect(accepts(receipt, log)).toBe(true)
    expect(accepts({ ...receipt, path: receipt.path.toReversed() }, log)).toBe(false)
    expect(accepts({ ...receipt, path: receipt.path.slice(1) }, log)).toBe(false)
    expect(accepts({ ...receipt, index: 6 }, log)).toBe(false)
  })
})
