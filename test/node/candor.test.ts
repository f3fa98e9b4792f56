import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/lib/settings.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor } from '../e2e/harness.ts'
import { freePort } from './free-port.ts'

let candor: Candor
let stateDir: string
let workspaceId: string
const places = { port: 0, idpPort: 0 }
beforeAll(async () => {
  stateDir = newStateDir()
  Object.assign(places, { port: await freePort(), idpPort: await freePort() })
  candor = await startCandor({ stateDir, ...places })
  const browser = makeBrowser(candor.url)
  await browser.signIn('github', 'ada')
  workspaceId = (await browser.ask('GET', '/v1/workspace')).body.id
})
afterAll(async () => {
  await candor.stop('SIGTERM')
  removeStateDir(stateDir)
})

/** What the command says, and its exit code. */
const run = (args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const { OPERATOR_KEY: _, ...rest } = process.env
    const options = { env: { ...rest, PUBLIC_URL: candor.url, STATE_DIR: stateDir, ...env } }
    execFile(process.execPath, [join(ROOT, 'scripts', 'candor.ts'), ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })

describe('npm run candor', () => {
  test('changes a plan, and says what it was and which entry says so', async () => {
    const { code, out, err } = await run(['plan', workspaceId, 'free'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      new RegExp(
        `^${workspaceId} \\(My workspace\\): the plan was "pro" and is "free" now\\. Entry #\\d+ of its audit log\\.\n$`,
      ),
    )
    expect((await run(['plan', workspaceId, 'pro', '--url', candor.url])).code).toBe(0)
  })

  test('says how an audit log stands', async () => {
    const { code, out } = await run(['audit', 'status', workspaceId])
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      `The audit log of ${workspaceId} (My workspace) is as its object knows it.`,
    ])
    expect(out).toMatch(
      /its object knows {3}\d+ entries, root \S{44}\n {2}the database has {3}\d+ entries, root \S{44}/,
    )
  })

  test('accepts nothing where there is nothing to accept', async () => {
    const { code, out, err } = await run(['audit', 'accept', workspaceId])
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe('The end of this log is the one its object knows: there is nothing to accept.\n')
  })

  test('says in one sentence what is wrong, and exits with 1', async () => {
    const free = `http://localhost:${await freePort()}`
    const wrong = randomBytes(32).toString('base64')
    const cases: [string[], Record<string, string>, string][] = [
      [['plan', 'ws_1', 'free'], {}, 'This is not the id of a workspace: it looks like ws_0123456789A.'],
      [['plan', 'ws_00000000001', 'free'], {}, 'There is no workspace ws_00000000001.'],
      [['plan', workspaceId, 'gold'], {}, 'The plan is "free" or "pro".'],
      [['plan', workspaceId, 'pro'], {}, 'This workspace is on the plan "pro" already.'],
      [
        ['plan', workspaceId, 'free', '--url', free],
        {},
        `No Candor answers at ${free}. Start it, or say with --url where it is.`,
      ],
      [
        ['audit', 'status', workspaceId],
        { OPERATOR_KEY: wrong },
        `The Candor at ${candor.url} does not take this operator’s key.`,
      ],
      [
        ['audit', 'status', workspaceId],
        { STATE_DIR: '/nowhere' },
        'There is no operator’s key: set OPERATOR_KEY, or STATE_DIR to the folder of /nowhere/secrets.json.',
      ],
    ]
    for (const [args, env, sentence] of cases)
      expect([args, await run(args, env)]).toEqual([args, { code: 1, out: '', err: `${sentence}\n` }])
  })

  test('does not send the key over plain http to another machine', async () => {
    const { code, err } = await run(['plan', workspaceId, 'free', '--url', 'http://candor.example.com'])
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^--url has to begin with https:\/\/, unless it is on this machine/),
    ])
  })

  test('exits with 2 when it is used otherwise', async () => {
    for (const args of [
      [],
      ['plan'],
      ['plan', workspaceId],
      ['plan', workspaceId, 'pro', 'x'],
      ['audit', workspaceId],
      ['audit', 'forget', workspaceId],
      ['--colour'],
      ['--help'],
    ]) {
      const { code, out, err } = await run(args)
      expect([args, code, out, err.startsWith('Usage: npm run candor -- ')]).toEqual([args, 2, '', true])
    }
  })

  test('works with a state folder from before there was an operator’s key: it gets one, and nothing else is changed', async () => {
    await candor.stop('SIGTERM')
    const path = join(stateDir, 'secrets.json')
    const { OPERATOR_KEY: old, ...rest } = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify(rest))
    candor = await startCandor({ stateDir, ...places })
    const { OPERATOR_KEY: made, ...kept } = JSON.parse(readFileSync(path, 'utf8'))
    expect(kept).toEqual(rest)
    expect([Buffer.from(made, 'base64').length, made === old]).toEqual([32, false])
    expect((await run(['audit', 'status', workspaceId])).code).toBe(0)
  })
})
