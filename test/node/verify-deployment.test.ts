import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/lib/settings.ts'
import { growTree } from '../../shared/domain/compact-range.ts'
import { leafHash } from '../../shared/domain/merkle.ts'
import { formatLeafProof } from '../../shared/domain/tlog-proof.ts'
import { newWitness } from '../lib/witness.ts'
import { checkpointOf, entryOf, exportOf, ORIGIN, textOf, vkeyOf } from '../tlog/sample-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'candor-receipt-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** `piped` by another program, as its standard input: not by Node, whose pipe cannot be opened by a name. */
const verifyPiped = (piped: Buffer, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const command = ['-c', 'cat | "$@"', 'sh', process.execPath, join(ROOT, 'scripts', 'verify.ts'), ...args]
    const { stdin } = execFile('/bin/sh', command, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    stdin?.on('error', () => undefined)
    stdin?.end(piped)
  })
const verify = (...args: string[]) => verifyPiped(Buffer.alloc(0), ...args)

const DEPLOYMENT = ORIGIN.replace(/[^/]+$/, 'deployment')
const witness = await newWitness(await vkeyOf(DEPLOYMENT))
const key = await vkeyOf()

/** A receipt that a leaf is the second of a deployment log of two. */
async function receiptOf(leaf: string, origin = DEPLOYMENT): Promise<string> {
  const [first, second] = await Promise.all(['another', leaf].map((text) => leafHash(new TextEncoder().encode(text))))
  if (!first || !second) return expect.unreachable()
  const tree = growTree()
  for (const hash of [first, second]) await tree.append(0, hash)
  const head = await checkpointOf(2, await tree.root(), origin)
  const checkpoint = head + (await witness.cosign(head.slice(0, head.indexOf('\n\n') + 1)))
  return formatLeafProof({ leaf, index: 1, path: [first], checkpoint })
}

const whole = await exportOf(await Promise.all(Array.from({ length: 40 }, (_, seq) => entryOf(seq))))
const other = await exportOf(await Promise.all(Array.from({ length: 40 }, (_, seq) => entryOf(seq, undefined, 'x'))))
const sound = file('sound.ndjson', textOf(whole))
const receipt = await receiptOf(await whole.checkpointAt(17))

describe('npm run verify -- --deployment', () => {
  test('says that the log continues the checkpoint in the receipt, and what was not asked for', async () => {
    const { code, out, err } = await verify(sound, '--key', key, '--deployment', file('a.tlog-proof', receipt))
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^sound\n/)
    expect(out).toContain('the checkpoint of 17 entries, which is entry 1 of a deployment log of 2')
    expect(out).toContain('No witness was asked for')
  })

  test('takes the keys that came with the export where none is given, and says when the witness has signed', async () => {
    const { code, out } = await verify(sound, '--deployment', file('b.tlog-proof', receipt), '--witness', witness.vkey)
    expect(code).toBe(0)
    expect(out).toMatch(/The witness has signed that head at 20\d\d-/)
  })

  test('reads the export from a pipe, too, whose keys and entries come by once', async () => {
    const path = file('p.tlog-proof', receipt)
    for (const input of ['-', '/dev/stdin']) {
      const { code, out, err } = await verifyPiped(readFileSync(sound), input, '--deployment', path)
      expect([code, out.split('\n')[0], err]).toEqual([0, 'sound', ''])
    }
  })

  test('finds a log that is another than the receipt says', async () => {
    const forked = file('forked.tlog-proof', await receiptOf(await other.checkpointAt(17)))
    const { code, out } = await verify(sound, '--key', key, '--deployment', forked)
    expect([code, out.split('\n')[0]]).toEqual([1, 'forked, within the first 17 entries'])
  })

  test.each([
    ['another leaf', async () => (await receiptOf('x\n1\n')).replace(/^extra .*$/m, receipt.split('\n')[1] ?? '')],
    ['another head', async () => receipt.replace('\n2\n', '\n3\n')],
    ['another index', async () => receipt.replace('index 1', 'index 0')],
    ['a head of another log', async () => receiptOf(await whole.checkpointAt(17), ORIGIN)],
  ])('exits with 1 for a receipt with %s', async (name, make) => {
    const { code, out } = await verify(sound, '--key', key, '--deployment', file(`${name}.tlog-proof`, await make()))
    expect([code, out.split('\n')[0]]).toEqual([1, 'bad receipt'])
  })

  test('exits with 1 when the witness that is asked for has not signed', async () => {
    const { vkey } = await newWitness(key)
    const { code, out } = await verify(sound, '--deployment', file('c.tlog-proof', receipt), '--witness', vkey)
    expect([code, out.split('\n')[0]]).toEqual([1, 'bad receipt'])
  })

  test('exits with 2 for what is no receipt, no key of a witness, or a question that is none', async () => {
    const path = file('d.tlog-proof', receipt)
    for (const args of [
      ['--deployment', file('none', 'nothing')],
      ['--deployment', join(folder, 'missing')],
      ['--deployment', path, '--witness', key],
      ['--deployment', path, '--since', path],
      ['--witness', witness.vkey],
    ]) {
      const { code, out, err } = await verify(sound, ...args)
      expect([args, code, out, err === '']).toEqual([args, 2, '', false])
    }
  })
})
