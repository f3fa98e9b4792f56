import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newWitness, type TestWitness } from '../lib/witness.ts'
import { freePort } from '../node/free-port.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, startCandor, until } from './harness.ts'

const stateDir = newStateDir()
let candor: Candor
let witness: TestWitness
const keyOf = async () => (await (await fetch(`${candor.url}/audit/deployment/keys`)).text()).split('\n')[0] ?? ''
const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  const body = Buffer.concat(parts).toString('utf8')
  const answer = await witness.answer(new Request('http://witness.test/', { method: 'POST', body }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
})

beforeAll(async () => {
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  witness = await newWitness(keyOf)
  const env = { WITNESS_URL: `http://127.0.0.1:${port}/w1/`, WITNESS_VKEY: witness.vkey }
  candor = await startCandor({ stateDir, env })
})
afterAll(async () => {
  await candor?.stop()
  server.closeAllConnections()
  server.close()
  removeStateDir(stateDir)
})

test('on one machine, a witness outside signs the deployment log within a minute of the first sign-in', async () => {
  const browser = makeBrowser(candor.url)
  await browser.signIn('github', 'ada')
  const receipt = await until('a receipt with the line of the witness', 60_000, async () => {
    const { status, text } = await browser.ask('GET', '/v1/audit/deployment/proof')
    return status === 200 && text.includes('\u2014 witness.test/w1 ') && text
  })
  const checkpoint = receipt.slice(receipt.indexOf('\n\n') + 2)
  expect((await witness.verify(checkpoint, await keyOf())).head.size).toBe(1)
  expect((await (await fetch(`${candor.url}/audit/deployment/checkpoint`)).text()).split('\n')[1]).toBe('1')
})
