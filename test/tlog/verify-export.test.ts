import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExportEntry, ExportLine, ExportMark } from '../../shared/contracts/audit-export.ts'
import { toBase64 } from '../../shared/domain/base64.ts'
import { leafHash } from '../../shared/domain/merkle.ts'
import { type VerifyOptions, verifyExport } from '../../shared/domain/verify/verify-export.ts'
import { checkpointOf, entryOf, exportOf, linesOf, ORIGIN, textOf, vkeyOf, withHeader } from './sample-log.ts'

const entries = await Promise.all(Array.from({ length: 50 }, (_, seq) => entryOf(seq)))
const whole = await exportOf(entries)
const verify = (text: string, options?: VerifyOptions) => verifyExport(linesOf(text), options)
const verdictOf = async (text: string, options?: VerifyOptions) => {
  const { verdict, entry, within } = await verify(text, options)
  return entry !== null ? `${verdict} at ${entry}` : within !== null ? `${verdict} within ${within}` : verdict
}
/** The export with its entry lines changed; marks and the end as they were. */
const withLines = (change: (lines: ExportLine[]) => ExportLine[]) => textOf({ ...whole, lines: change(whole.lines) })
const at = (lines: ExportLine[], seq: number) => lines.findIndex((line) => 'leaf' in line && line.seq === seq)
const entryAt = (seq: number) => whole.lines[at(whole.lines, seq)] as ExportEntry
const replaced = (seq: number, entry: Partial<ExportEntry>) =>
  withLines((lines) => lines.with(at(lines, seq), { ...entryAt(seq), ...entry }))

describe('an export that nobody touched', () => {
  test('is sound, and says how many entries were checked', async () => {
    expect(await verify(textOf(whole))).toMatchObject({
      verdict: 'sound',
      size: 50,
      checked: 50,
      leftOut: 0,
      erased: 0,
    })
    expect(await verdictOf(textOf(whole), { keys: [await vkeyOf()] })).toBe('sound')
  })

  test('is sound whatever a filter leaves out and retention has pruned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 50, maxLength: 50 }), fc.nat(50), async (kept, pruned) => {
        const some = await exportOf(entries, (seq) => kept[seq] ?? true, pruned)
        const left = kept.slice(pruned).filter((one) => !one).length
        expect(await verify(textOf(some))).toMatchObject({
          verdict: 'sound',
          leftOut: left,
          pruned,
          checked: 50 - pruned - left,
        })
      }),
      { numRuns: 60 },
    )
  })

  test('continues every older checkpoint of its log', async () => {
    for (const size of [1, 2, 31, 32, 49, 50])
      expect(await verdictOf(textOf(whole), { since: await whole.checkpointAt(size) })).toBe('sound')
  })
})

describe('what was done to a log has its name, at the first entry', () => {
  test('a text that was altered', async () => {
    const { leaf } = await entryOf(20, undefined, 'another')
    expect(await verdictOf(replaced(20, { leaf }))).toBe('altered at 20')
  })

  test('a text that was altered with its hash: within which entries, and near which by the marks', async () => {
    const { leaf, hash } = await entryOf(20, undefined, 'another')
    expect(await verify(replaced(20, { leaf, hash }))).toMatchObject({
      verdict: 'altered',
      entry: null,
      within: 32,
      why: expect.stringContaining('from entry 16 to 31'),
    })
    expect(await verify(replaced(49, await entryOf(49, undefined, 'another')))).toMatchObject({
      verdict: 'altered',
      entry: null,
      within: 50,
      why: expect.stringContaining('from entry 48 on'),
    })
  })

  test('a text that was altered with its hash and every mark behind it: no entry is named that is not known', async () => {
    const rewritten = await exportOf(entries.with(20, await entryOf(20, undefined, 'another')))
    const end = whole.lines.at(-1)
    if (!end) throw new Error('There is an end.')
    expect(await verdictOf(textOf({ ...rewritten, lines: rewritten.lines.with(-1, end) }))).toBe('altered within 50')
  })

  test('a mark that is altered itself, in what it says or where it stands', async () => {
    const marks = (change: (mark: ExportMark) => ExportMark) =>
      withLines((lines) => lines.map((line) => ('mark' in line && line.mark === 32 ? change(line) : line)))
    const [first = '', ...rest] = (await exportOf(entries.slice(0, 31))).lines.flatMap((line) =>
      'mark' in line ? line.range : [],
    )
    expect(await verdictOf(marks((mark) => ({ ...mark, range: [first, ...rest] })))).toBe('altered within 32')
    expect(await verdictOf(marks((mark) => ({ ...mark, mark: 9000 })))).toBe('altered')
  })

  test('entries that the header does not count, or an end that counts others', async () => {
    const short = await withHeader(whole, { size: 49 })
    expect(await verdictOf(textOf(short))).toBe('altered at 49')
    expect(await verdictOf(withLines((lines) => lines.with(-1, { ...lines.at(-1), end: 51 } as ExportLine)))).toBe(
      'altered',
    )
  })

  test('personal fields that were altered', async () => {
    expect(await verdictOf(replaced(3, { person: { salt: toBase64(new Uint8Array(32)), json: '{}' } }))).toBe(
      'altered at 3',
    )
  })

  test('an entry that is missing, in the middle, at the beginning, at the end', async () => {
    for (const seq of [0, 25, 49])
      expect(await verdictOf(withLines((lines) => lines.toSpliced(at(lines, seq), 1)))).toBe(`missing at ${seq}`)
  })

  test('entries that were swapped, as lines, as texts, or put at the end', async () => {
    const [a, b] = [entryAt(10), entryAt(11)]
    expect(await verdictOf(withLines((lines) => lines.with(at(lines, 10), b).with(at(whole.lines, 11), a)))).toBe(
      'reordered at 10',
    )
    expect(await verdictOf(replaced(10, { ...b, seq: 10 }))).toBe('reordered at 10')
    const late = withLines((lines) => lines.toSpliced(at(lines, 10), 1).toSpliced(-1, 0, a))
    expect(await verdictOf(late)).toBe('reordered at 10')
    expect(await verdictOf(withLines((lines) => lines.toSpliced(at(lines, 10), 0, a)))).toBe('reordered at 10')
  })

  test('an entry of another workspace, and a whole export under another name', async () => {
    expect(await verdictOf(replaced(30, await entryOf(30, 'ws_00000000002')))).toBe('wrong workspace at 30')
    const other = await withHeader(whole, { origin: 'candor.test/audit/ws_00000000002' })
    expect(await verdictOf(textOf(other))).toBe('wrong workspace')
    expect(await verdictOf(textOf(whole), { keys: [await vkeyOf('candor.test/audit/ws_00000000002')] })).toBe(
      'wrong workspace',
    )
  })

  test('a log that was cut and signed again, against a checkpoint that was kept', async () => {
    const cut = await exportOf(entries.slice(0, 40))
    expect(await verdictOf(textOf(cut))).toBe('sound')
    expect(await verdictOf(textOf(cut), { since: await whole.checkpointAt(50) })).toBe('truncated at 40')
  })

  test('a log that was rewritten and signed again, against a checkpoint that was kept', async () => {
    const rewritten = await exportOf(entries.with(5, await entryOf(5, undefined, 'another')))
    expect(await verdictOf(textOf(rewritten))).toBe('sound')
    for (const size of [6, 32, 50])
      expect(await verdictOf(textOf(rewritten), { since: await whole.checkpointAt(size) })).toBe(
        `forked within ${size}`,
      )
    expect(await verdictOf(textOf(rewritten), { since: await whole.checkpointAt(5) })).toBe('sound')
  })

  test('a signature that is not of a known key, on either checkpoint', async () => {
    const foreign = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const raw = new Uint8Array((await crypto.subtle.exportKey('raw', foreign.publicKey)) as ArrayBuffer)
    const { formatVerifier, noteVerifier } = await import('../../shared/domain/note.ts')
    const keys = [formatVerifier(await noteVerifier(ORIGIN, raw))]
    expect(await verdictOf(textOf(whole), { keys })).toBe('bad signature')
    const since = (await whole.checkpointAt(10)).replace('\n10\n', '\n11\n')
    expect(await verdictOf(textOf(whole), { since })).toBe('bad signature')
    const wrong = await checkpointOf(10, new Uint8Array(32), 'candor.test/audit/ws_00000000002')
    expect(await verdictOf(textOf(whole), { since: wrong })).toBe('wrong workspace')
  })

  test('a gap whose hashes were changed, lost, or that is longer than it says', async () => {
    const some = await exportOf(entries, (seq) => seq < 10 || seq >= 30)
    const index = some.lines.findIndex((line) => 'gap' in line)
    const gap = some.lines[index]
    if (!gap || !('gap' in gap)) throw new Error('There is a gap.')
    const changed = (change: Partial<typeof gap>) =>
      textOf({ ...some, lines: some.lines.with(index, { ...gap, ...change }) })
    const [first = '', ...rest] = gap.hashes
    expect(await verdictOf(changed({ hashes: rest }))).toBe('altered at 10')
    expect(await verdictOf(changed({ hashes: [...rest, first] }))).toMatch(/^altered/)
    expect(await verdictOf(changed({ gap: [10, 31] }))).toMatch(/^(altered|missing|reordered)/)
    expect(await verdictOf(changed({ gap: [11, 30] }))).toBe('missing at 10')
  })
})

describe('a thousand single bits flipped', () => {
  test('are all found: none leaves a sound export', async () => {
    const bytes = new TextEncoder().encode(textOf(whole))
    const keys = [await vkeyOf()]
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (index, bit) => {
        const flipped = bytes.map((byte, i) => (i === index ? byte ^ (1 << bit) : byte))
        const verdict = await verdictOf(new TextDecoder().decode(flipped), { keys }).catch(() => 'no export')
        expect(verdict).not.toBe('sound')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('what is no export gets one sentence', () => {
  const sentence = (text: string, options?: VerifyOptions) =>
    verify(text, options).then(
      () => '',
      (error: Error) => error.message,
    )
  const text = textOf(whole)

  test.each([
    ['an empty file', '', 'its first line is not the header'],
    ['another JSON', '{"data":[]}\n', 'its first line is not the header'],
    ['a later version', text.replace('"v":1', '"v":2'), 'its first line is not the header'],
    ['half of one', text.slice(0, Math.floor(text.length / 2)), 'is not a line of'],
    ['one without its end', text.slice(0, text.trimEnd().lastIndexOf('\n')), 'is cut off after line'],
    ['one that goes on', `${text}${text}`, 'comes after the end'],
    ['an unknown line', text.replace('"mark"', '"park"'), 'is not a line of'],
  ])('%s', async (_, input, words) => {
    const said = await sentence(input)
    expect(said).toContain(words)
    expect(said.split('\n')).toHaveLength(1)
  })

  test('a key or an older checkpoint that is none, and a comparison that a filter makes impossible', async () => {
    expect(await sentence(text, { keys: ['no-key'] })).toContain('not a verifier key')
    expect(await sentence(text, { since: 'none' })).toContain('is none')
    const some = await exportOf(entries, (seq) => seq < 10 || seq >= 30)
    expect(await sentence(textOf(some), { since: await whole.checkpointAt(15) })).toContain('export without a filter')
  })
})

test('the hash of a leaf in an export is the one of RFC 6962', async () => {
  const { leaf, hash } = entryAt(0)
  expect(toBase64(await leafHash(new TextEncoder().encode(leaf)))).toBe(hash)
})
