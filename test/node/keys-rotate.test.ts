import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KeyStatus, KeyUse } from '../../shared/contracts/operator.ts'
import { freePort } from './free-port.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const [ACTIVE, OLD, OTHER] = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'] as const

const use = (kid: string, copies: number): KeyUse => ({ kid, held: true, values: kid === ACTIVE ? 7 : 0, copies })

/** Three pages of schedulers, of which only the last has one that still needs an old key. */
const PAGES: Record<string, KeyStatus> = {
  '': { active: ACTIVE, waiting: [], next: 'ws_00000000002', keys: [use(ACTIVE, 2), use(OTHER, 0)] },
  ws_00000000002: { active: ACTIVE, waiting: [], next: 'ws_00000000004', keys: [use(ACTIVE, 2)] },
  ws_00000000004: { active: ACTIVE, waiting: [], next: null, keys: [use(ACTIVE, 0), use(OLD, 1)] },
}

test('the command that turns the keyring asks every page before it says that a key is free', async () => {
  const cursors: string[] = []
  let rounds = 0
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const { cursor = '' } = JSON.parse(text)
    cursors.push(cursor)
    if (cursor === '') rounds++
    // After three rounds the copies have followed.
    const page = PAGES[cursor] as KeyStatus
    const keys = rounds > 3 ? page.keys.map((key) => (key.kid === OLD ? { ...key, copies: 0 } : key)) : page.keys
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...page, keys }))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const child = spawn(process.execPath, [join(ROOT, 'scripts/keys-rotate.ts'), '--url', `http://localhost:${port}`], {
    env: { ...process.env, OPERATOR_KEY: randomBytes(32).toString('base64') },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  server.close()
  server.closeAllConnections()
  expect(cursors.slice(0, 3)).toEqual(['', 'ws_00000000002', 'ws_00000000004'])
  // One round to see who waits, then until no copy names an old key.
  expect(rounds).toBeGreaterThan(3)
  expect(output).toContain(`${ACTIVE}: seals now; 7 values and 4 schedulers name it.`)
  expect(output).toContain(`${OLD} may be removed`)
  expect(output).toContain(`${OTHER} may be removed`)
})
