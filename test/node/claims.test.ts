import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unproven, whyNoProof } from '../../scripts/lib/proofs.ts'
import { ROOT } from '../../scripts/lib/settings.ts'
import type { Proof } from '../../shared/trust/claim.ts'
import { CLAIMS } from '../../shared/trust/claims.ts'
import { commandOf } from '../../shared/trust/command.ts'

const PROOFS = CLAIMS.flatMap(({ id, proofs }) => proofs.map((proof) => ({ id, ...proof })))

describe('every claim on /security', () => {
  test('has a place of its own, a sentence, and at least one proof', () => {
    expect(CLAIMS.length).toBeGreaterThan(25)
    expect(new Set(CLAIMS.map(({ id }) => id)).size).toBe(CLAIMS.length)
    for (const { sentence, how, proofs } of CLAIMS) {
      expect([sentence, how]).toEqual([expect.stringMatching(/^[A-Z].*\.$/), expect.stringMatching(/^[A-Z].*\.$/)])
      expect(proofs.length).toBeGreaterThan(0)
    }
  })

  test.each(PROOFS)('$id has the proof "$test"', (proof) => {
    const path = join(ROOT, proof.file)
    expect(existsSync(path)).toBe(true)
    expect(whyNoProof(proof, readFileSync(path, 'utf8'))).toBeNull()
  })
})

test('the command of a proof asks for that very test, whatever is in its name', () => {
  for (const proof of [...PROOFS, { file: 'test/x.test.ts', test: "a log > keeps (all) 7, it's $5 [or] more?" }]) {
    const [, file, pattern = ''] = /^npm test -- (\S+) -t '([^']*)'$/.exec(commandOf(proof)) ?? []
    expect(file).toBe(proof.file)
    // What the runner does with it: a pattern over the names, joined by spaces.
    expect(proof.test.replaceAll(' > ', ' ')).toMatch(new RegExp(pattern))
    const others = PROOFS.filter((other) => other.file === proof.file && other.test !== proof.test)
    for (const other of others) expect(other.test.replaceAll(' > ', ' ')).not.toMatch(new RegExp(pattern))
  }
})

describe('a proof is none', () => {
  const proof: Proof = { file: 'test/x.test.ts', test: 'a log > keeps its 7 entries' }
  const SOUND = "describe('a log', () => {\n  test('keeps its 7 entries', () => {})\n})"

  test('when the file has no such test or no such description', () => {
    expect(whyNoProof(proof, SOUND)).toBeNull()
    expect(whyNoProof(proof, SOUND.replace('7 entries', '8 entries'))).toContain('there is no test')
    expect(whyNoProof(proof, SOUND.replace('a log', 'a page'))).toContain('there is no describe')
    expect(whyNoProof(proof, `// ${proof.test}`)).toContain('there is no describe')
  })

  test.each(['skip', 'todo', 'fails', 'skipIf(true)', 'runIf(CI)', 'skip.each([1])'])(
    'when it is marked %s',
    (mark) => {
      expect(whyNoProof(proof, SOUND.replace('test(', `test.${mark}(`))).toContain('does not always run')
      if (mark !== 'todo') expect(whyNoProof(proof, SOUND.replace('describe(', `describe.${mark}(`))).not.toBeNull()
    },
  )

  test('but a title may be made for each of several cases', () => {
    const each =
      "describe.each(LOGS)('a %s', () => {\n  test.each([[1], [7]])('keeps its $count entries', () => {})\n})"
    expect(whyNoProof(proof, each)).toBeNull()
  })

  test('when it has failed, was skipped, was left out, or has passed in one place and not in another', () => {
    const claims = [{ id: 'log', sentence: 'It is kept.', how: 'So.', proofs: [proof] }]
    const ran = (...states: ('passed' | 'failed' | 'skipped')[]) =>
      unproven(
        claims,
        states.map((state) => ({ ...proof, state })),
      )
    expect(ran('passed')).toEqual([])
    expect(ran('passed', 'passed')).toEqual([])
    expect(ran()).toEqual([expect.stringContaining('did not run')])
    for (const states of [['failed'], ['skipped'], ['passed', 'skipped']] as const)
      expect(ran(...states)).toHaveLength(1)
  })
})

describe('a whole run of the tests', () => {
  let root: string

  /** A folder with a test for each proof, under the same file and the same name. */
  const writeTests = (proofs: Proof[], broken?: { proof: Proof; as: string }) => {
    const files = Map.groupBy(proofs, ({ file }) => file)
    for (const [file, list] of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      const tests = list.map((proof) => {
        const names = proof.test.split(' > ').map((name) => JSON.stringify(name))
        const call = broken?.proof === proof ? broken.as : 'test'
        const inner = `${call}(${names.at(-1)}, () => {})`
        return names.slice(0, -1).reduceRight((body, name) => `describe(${name}, () => { ${body} })`, inner)
      })
      writeFileSync(join(root, file), tests.join('\n'))
    }
  }

  /** Vitest with our reporter, in that folder: its exit code, and what it says. */
  async function run(...args: string[]): Promise<{ code: number | null; out: string }> {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
    const reporter = `--reporter=${join(ROOT, 'scripts', 'test-reporter.ts')}`
    const child = spawn(process.execPath, [vitest, 'run', '--root', root, '--globals', reporter, ...args], {
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (data) => (out += data))
    return { code: await new Promise((resolve) => child.on('close', resolve)), out }
  }

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'candor-claims-'))
    writeFileSync(
      join(root, 'vitest.config.mjs'),
      'export default { test: { include: ["test/**/*.test.ts"], isolate: false, maxWorkers: 1 } }',
    )
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('is good when every proof has passed', async () => {
    writeTests(PROOFS)
    const { code, out } = await run()
    expect([code, out.trim().split('\n').at(-1)]).toEqual([0, `${PROOFS.length} passed, 0 failed, 0 skipped`])
  })

  test('has failed when a proof was skipped, and says which', async () => {
    const [proof] = PROOFS
    if (!proof) throw new Error('There is no proof.')
    writeTests(PROOFS, { proof, as: 'test.skip' })
    const { code, out } = await run()
    expect([code, out.trim().split('\n').at(-1)]).toEqual([1, `${PROOFS.length - 1} passed, 1 failed, 1 skipped`])
    expect(out).toContain(`The claim "${proof.id}" is not shown: ${proof.file} > ${proof.test} (skipped)`)
  })

  test('has failed when the file of a proof is not there', async () => {
    const [proof] = PROOFS
    if (!proof) throw new Error('There is no proof.')
    writeTests(PROOFS)
    rmSync(join(root, proof.file))
    const { code, out } = await run()
    expect(code).toBe(1)
    expect(out).toContain(`${proof.file} > ${proof.test} (did not run)`)
  })

  test('is another thing than a run of one file or of one name, which says nothing about the rest', async () => {
    const [proof] = PROOFS
    writeTests(PROOFS)
    expect((await run(proof?.file ?? '')).code).toBe(0)
    expect((await run('-t', proof?.test.split(' > ').at(-1) ?? '')).code).toBe(0)
  })
})
