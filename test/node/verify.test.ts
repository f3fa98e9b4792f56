import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/lib/settings.ts'
import { formatVerifier, noteVerifier } from '../../shared/domain/note.ts'
import { entryOf, exportOf, ORIGIN, textOf, vkeyOf } from '../tlog/sample-log.ts'

const SIZE = 40
const folder = mkdtempSync(join(tmpdir(), 'candor-verify-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** What the command says of a file, and its exit code. `piped` is what it gets as its standard input. */
const verifyPiped = (piped: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const command = [join(ROOT, 'scripts', 'verify.ts'), ...args]
    const { stdin } = execFile(process.execPath, command, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    stdin?.on('error', () => undefined)
    stdin?.end(piped)
  })
const verify = (...args: string[]) => verifyPiped('', ...args)

const entries = await Promise.all(Array.from({ length: SIZE }, (_, seq) => entryOf(seq)))
const whole = await exportOf(entries)
const text = textOf(whole)
const key = await vkeyOf()
const sound = file('sound.ndjson', text)

describe('npm run verify', () => {
  test('says sound, how many entries were checked, and exits with 0', async () => {
    const { code, out, err } = await verify(sound, '--key', key)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^sound\n/)
    expect(out).toContain(`${SIZE} entries checked`)
  })

  test('says when the key is only the one that came with the export', async () => {
    expect((await verify(sound)).out).toContain('The key came with the export.')
  })

  test('continues an older checkpoint that somebody kept', async () => {
    const since = file('older.checkpoint', await whole.checkpointAt(17))
    expect(await verify(sound, '--key', key, '--since', since)).toMatchObject({ code: 0, err: '' })
  })

  test.each([
    ['altered', 'altered, first bad entry 7', () => text.replace('Person 7', 'Nobody 7')],
    ['missing', 'missing, first bad entry 7', () => text.replace(/^\{"seq":7,.*\n/m, '')],
    ['of two logs', 'wrong workspace', () => text.replaceAll('"log":"ws_00000000001"', '"log":"ws_00000000002"')],
  ])('names the harm of an export that is %s, and exits with 1', async (name, verdict, change) => {
    const changed = change()
    expect(changed).not.toBe(text)
    const { code, out, err } = await verify(file(`${name}.ndjson`, changed), '--key', key)
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(new RegExp(`^${verdict}`))
  })

  test('says against which checkpoint a log was truncated, and exits with 1', async () => {
    const since = file('newer.checkpoint', await whole.checkpointAt(SIZE))
    const cut = file('cut.ndjson', textOf(await exportOf(entries.slice(0, 30))))
    const { code, out } = await verify(cut, '--key', key, '--since', since)
    expect([code, out.split('\n')[0]]).toEqual([1, `truncated against ${since}, first bad entry 30`])
  })

  test('says that the key that somebody holds has not signed, and exits with 1', async () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
    const other = formatVerifier(await noteVerifier(ORIGIN, new Uint8Array(raw)))
    const { code, out } = await verify(sound, '--key', other)
    expect([code, out.split('\n')[0]]).toEqual([1, 'bad signature'])
  })

  test('prints how it is used when that is asked for, and exits with 0', async () => {
    for (const option of ['--help', '-h']) {
      const { code, out, err } = await verify(option)
      expect([code, out, err]).toEqual([0, expect.stringMatching(/^Usage: npm run verify -- <export.ndjson>/), ''])
    }
  })

  test('reads the export, or what it is held against, from standard input', async () => {
    const since = await whole.checkpointAt(17)
    expect(await verifyPiped(text, '-', '--key', key)).toMatchObject({ code: 0, err: '' })
    expect(await verifyPiped(since, sound, '--key', key, '--since', '-')).toMatchObject({ code: 0, err: '' })
    expect(await verifyPiped(text.replace('Person 7', 'Nobody 7'), '-', '--key', key)).toMatchObject({ code: 1 })
    const twice = await verifyPiped(text, '-', '--key', key, '--since', '-')
    expect([twice.code, twice.err]).toEqual([2, 'Standard input can be one file only.\n'])
  })

  test('names the file that cannot be read, and why, in words', async () => {
    const none = join(folder, 'none')
    const cases: [args: string[], sentence: string][] = [
      [[none], `The export ${none} cannot be read: there is no such file.\n`],
      [[folder], `The export ${folder} cannot be read: it is a folder.\n`],
      [[sound, '--since', none], `The older checkpoint (--since) ${none} cannot be read: there is no such file.\n`],
      [[sound, '--since', folder], `The older checkpoint (--since) ${folder} cannot be read: it is a folder.\n`],
      [[sound, '--deployment', none], `The receipt (--deployment) ${none} cannot be read: there is no such file.\n`],
      [[sound, '--deployment', folder], `The receipt (--deployment) ${folder} cannot be read: it is a folder.\n`],
    ]
    for (const [args, sentence] of cases) expect(await verify(...args)).toEqual({ code: 2, out: '', err: sentence })
  })

  test('takes no file that has a byte more than the export, before it or behind its end', async () => {
    const bytes = Buffer.from(text)
    for (const [name, changed, why] of [
      ['stray', Buffer.concat([bytes, Buffer.from([0xc3])]), 'it is not text'],
      [
        'mark',
        Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
        'a byte order mark stands before its first line',
      ],
    ] as const) {
      const path = file(`${name}.ndjson`, changed)
      const err = `${path} is not a Candor audit export: ${why}.\n`
      expect(await verify(path, '--key', key)).toEqual({ code: 2, out: '', err })
    }
  })

  test.each([
    ['nothing at all', []],
    ['two files', [sound, sound]],
    ['an option that there is not', [sound, '--quick']],
    ['a file that is not there', [join(folder, 'none.ndjson')]],
    ['a folder', [folder]],
    ['an empty file', [file('empty.ndjson', '')]],
    ['a file that is something else', [file('else.ndjson', '{"hello":"world"}\n')]],
    ['half an export', [file('half.ndjson', text.slice(0, text.length / 2))]],
    ['noise', [file('noise.ndjson', randomBytes(4_000_000))]],
    ['a line without end', [file('long.ndjson', 'a'.repeat(8_000_000))]],
    ['a checkpoint that is none', [sound, '--since', file('no.checkpoint', 'hello')]],
  ])('says in one sentence what is wrong with %s, and exits with 2', async (_, args) => {
    const { code, out, err } = await verify(...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^(?:Usage: |[A-Z/][^\n]*\.\n$)/)
    expect(err).not.toMatch(/\bat .*:\d+:\d+/)
  })
})
