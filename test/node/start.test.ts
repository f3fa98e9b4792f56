import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { isAlive, processesAt } from '../../scripts/lib/processes.ts'
import { readSettings } from '../../scripts/lib/settings.ts'
import { type Candor, makeBrowser, newStateDir, removeStateDir, runStart, startCandor, until } from '../e2e/harness.ts'
import { freePort } from './free-port.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const runtimesIn = (stateDir: string) => processesAt(join(stateDir, 'workerd-')).filter(isAlive)

/** Processes of a state folder: the runtime, and the reaper that waits to end it. */
function processesOf(stateDir: string): { pid: number; args: string }[] {
  const lines = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).stdout.split('\n')
  return lines
    .filter((line) => line.includes(stateDir))
    .map((line) => ({ pid: Number.parseInt(line, 10), args: line.trim().replace(/^\d+ /, '') }))
}

const nothingLeft = (stateDir: string) =>
  until('every process to be gone', 5000, async () => processesOf(stateDir).length === 0)

/** Somebody else's server on a port. */
function occupy(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

const exitOf = (child: ChildProcess) => new Promise<number | null>((resolve) => child.on('exit', resolve))

let stateDir: string
let port: number
let idpPort: number
const opened: Candor[] = []
const spawned: ChildProcess[] = []

async function up(): Promise<Candor> {
  const candor = await startCandor({ stateDir, port, idpPort })
  opened.push(candor)
  return candor
}

beforeAll(async () => {
  stateDir = newStateDir()
  port = await freePort()
  idpPort = await freePort()
})
afterEach(async () => {
  for (const candor of opened.splice(0)) if (candor.child.exitCode === null) await candor.stop('SIGTERM')
  for (const child of spawned.splice(0)) child.kill('SIGKILL')
})
afterAll(() => removeStateDir(stateDir))

const secretsPath = () => join(stateDir, 'secrets.json')
const env = () => ({ STATE_DIR: stateDir, PORT: String(port), IDP_PORT: String(idpPort) })

describe('a machine that runs Candor', () => {
  let browser: ReturnType<typeof makeBrowser>
  const signedIn = async () => (await browser.ask('GET', '/v1/workspace')).status

  test('the first start makes the secrets, for the owner only, and says one line', async () => {
    const candor = await up()
    expect(candor.output()).toBe(`Candor is ready at http://localhost:${port}\n`)
    expect(statSync(stateDir).mode & 0o777).toBe(0o700)
    expect(statSync(secretsPath()).mode & 0o777).toBe(0o600)
    const {
      CANDOR_KEYRING: keyring,
      API_KEY_RING: ring,
      SIGN_IN_KEY: key,
      OPERATOR_KEY: operatorKey,
    } = JSON.parse(readFileSync(secretsPath(), 'utf8'))
    expect(keyring).toEqual([{ kid: expect.stringMatching(/^[0-9a-f]{8}$/), key: expect.any(String), state: 'active' }])
    expect(ring).toEqual([{ id: 1, key: expect.any(String), state: 'active' }])
    const keys = [keyring[0].key, ring[0].key, key, operatorKey]
    for (const text of keys) expect(Buffer.from(text, 'base64')).toHaveLength(32)
    expect(new Set(keys).size).toBe(4)
  })

  test('a person signs in with each provider, and style sheets come as such', async () => {
    const candor = await up()
    browser = makeBrowser(candor.url)
    expect((await browser.signIn('github', 'ada')).status).toBe(303)
    expect((await makeBrowser(candor.url).signIn('google', 'grace')).status).toBe(303)
    expect(await signedIn()).toBe(200)
    const sheet = await browser.ask('GET', '/assets/app.css')
    expect([sheet.status, sheet.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
    expect((await browser.ask('GET', '/assets/')).status).toBe(404)
  })

  test('secrets and data outlast a restart', async () => {
    const before = readFileSync(secretsPath(), 'utf8')
    const candor = await up()
    expect(await signedIn()).toBe(200)
    expect(readFileSync(secretsPath(), 'utf8')).toBe(before)
    expect(await candor.stop('SIGINT')).toBe(0)
    expect(readdirSync(stateDir).sort()).toEqual(expect.not.arrayContaining(['lock.json']))
  })

  test('kill -9 leaves no runtime on the port, and what was acknowledged is there at the next start', async () => {
    const candor = await up()
    const newcomer = makeBrowser(candor.url)
    expect((await newcomer.signIn('github', 'linus')).status).toBe(303)
    await candor.stop('SIGKILL')
    await nothingLeft(stateDir)
    await up()
    const { body } = await newcomer.ask('GET', '/v1/workspace')
    expect(body.name).toBe('My workspace')
    expect(await signedIn()).toBe(200)
  })

  test('when everything but the runtime was killed, the next start ends the orphan and takes over', async () => {
    const candor = await up()
    const [orphan = 0] = runtimesIn(stateDir)
    const reaper = processesOf(stateDir).find(({ args }) => args.includes('reap.ts'))
    process.kill(reaper?.pid ?? 0, 'SIGKILL')
    await candor.stop('SIGKILL')
    expect(isAlive(orphan)).toBe(true)
    await up()
    expect(isAlive(orphan)).toBe(false)
    expect(await signedIn()).toBe(200)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops it with exit code 0 and leaves no process',
    async (signal) => {
      const candor = await up()
      expect(await candor.stop(signal)).toBe(0)
      await nothingLeft(stateDir)
      expect(candor.output().trim().split('\n')).toHaveLength(1)
    },
  )

  test('a signal during the start stops it too', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/start.ts')], { env: { ...process.env, ...env() } })
    spawned.push(child)
    const exit = exitOf(child)
    await until('the lock', 10_000, async () => existsSync(join(stateDir, 'lock.json')))
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    await nothingLeft(stateDir)
  })

  test('it stops when the shell that started it is killed', async () => {
    const command = `"${process.execPath}" "${join(ROOT, 'scripts/start.ts')}"; true`
    const shell = spawn('sh', ['-c', command], {
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    spawned.push(shell)
    let output = ''
    shell.stdout.on('data', (data) => (output += data))
    await until('Candor to be ready', 60_000, async () => output.includes('Candor is ready'))
    shell.kill('SIGKILL')
    await nothingLeft(stateDir)
  })

  test('when the runtime dies it says so and exits with 1', async () => {
    const candor = await up()
    const exit = exitOf(candor.child)
    for (const pid of runtimesIn(stateDir)) process.kill(pid, 'SIGKILL')
    expect(await exit).toBe(1)
    expect(candor.output()).toContain('The runtime has ended unexpectedly.')
    await nothingLeft(stateDir)
  })

  test('a second start on the same state folder names the process that has it', async () => {
    const candor = await up()
    const other = { ...env(), PORT: String(await freePort()), IDP_PORT: String(await freePort()) }
    const { code, output } = await runStart(other)
    expect([code, output]).toEqual([
      1,
      `Another Candor (process ${candor.child.pid}) is using the state folder ${stateDir}. Stop it, or set STATE_DIR to another one.\n`,
    ])
    expect(await signedIn()).toBe(200)
  })
})

describe('what a person has to put right is one sentence, and exit code 1', () => {
  const sentence = async (change: Record<string, string>) => {
    const { code, output } = await runStart({ ...env(), ...change })
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toHaveLength(1)
    return output.trim()
  }

  test.each([
    ['an array cut short', '{"version":1,"CANDOR_KEYRING":['],
    ['an empty file', ''],
    [
      'a key that is too short',
      '{"version":1,"CANDOR_KEYRING":[{"kid":"0a0b0c0d","key":"c2hvcnQ=","state":"active"}]}',
    ],
  ])('damaged secrets (%s) are left as they are', async (_, damage) => {
    const before = readFileSync(secretsPath())
    writeFileSync(secretsPath(), damage)
    expect(await sentence({})).toMatch(/^The secrets file .*secrets\.json is damaged.* Restore it from a backup;/)
    expect(readFileSync(secretsPath(), 'utf8')).toBe(damage)
    writeFileSync(secretsPath(), before)
  })

  test('secrets that others can read are refused, with what to do', async () => {
    chmodSync(secretsPath(), 0o644)
    expect(await sentence({})).toContain('Run chmod 600 on it and start again.')
    expect(statSync(secretsPath()).mode & 0o777).toBe(0o644)
    chmodSync(secretsPath(), 0o600)
  })

  test('lost secrets are not replaced when there is data that needs them', async () => {
    const before = readFileSync(secretsPath())
    rmSync(secretsPath())
    expect(await sentence({})).toContain('is missing, but there is data')
    expect(existsSync(secretsPath())).toBe(false)
    writeFileSync(secretsPath(), before, { mode: 0o600 })
  })

  test('a draft of secrets that a kill left behind is no obstacle, and is not used', async () => {
    const fresh = newStateDir()
    writeFileSync(join(fresh, 'secrets.json.draft-1'), 'half')
    const server = await occupy('127.0.0.1', port)
    expect(await sentence({ STATE_DIR: fresh })).toContain(`Port ${port} is in use`)
    server.close()
    expect(readdirSync(fresh)).toEqual(['secrets.json'])
    removeStateDir(fresh)
  })

  test('a state folder that cannot be one', async () => {
    const file = join(stateDir, 'secrets.json')
    for (const folder of [file, join(file, 'state'), '/proc/candor'])
      expect(await sentence({ STATE_DIR: folder })).toMatch(
        /^The state folder .* cannot be written to \(\w+\)\. Set STATE_DIR/,
      )
  })

  test('a state folder with something else where its data belong', async () => {
    const folder = newStateDir()
    writeFileSync(join(folder, 'data'), '')
    expect(await sentence({ STATE_DIR: folder })).toMatch(/^The state folder .*data cannot be written to \(\w+\)\./)
    removeStateDir(folder)
  })

  test('a database that is none', async () => {
    const folder = newStateDir()
    const first = await startCandor({ stateDir: folder, port, idpPort })
    await first.stop('SIGTERM')
    const databases = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' })
    for (const name of databases.filter((one) => /(?:^|\/)d1\/.*\.sqlite/.test(one)))
      writeFileSync(join(folder, 'data', name), 'no database, but long enough to be looked at '.repeat(1000))
    expect(await sentence({ STATE_DIR: folder })).toMatch(
      /^The runtime does not start on .*data; .*candor\.log says why\./,
    )
    removeStateDir(folder)
  })

  test('the port that the web has is one like others', () => {
    expect(readSettings({ PORT: '80' }).publicUrl).toBe('http://localhost')
    expect(readSettings({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
  })

  test('a port that somebody else has', async () => {
    const taken = [
      await occupy('127.0.0.1', port).then(
        (server) => [server, `Port ${port} is in use. Set PORT to another one.`] as const,
      ),
      await occupy('127.0.0.1', idpPort).then(
        (server) => [server, `Port ${idpPort} is in use. Set IDP_PORT to another one.`] as const,
      ),
    ]
    for (const [server, expected] of taken) {
      expect(await sentence({})).toBe(expected)
      server.close()
    }
  })

  test('a port that somebody else has where browsers look first for localhost', async ({ skip }) => {
    const server = await occupy('::1', port).catch(() => skip('this machine has no IPv6'))
    expect(await sentence({})).toBe(`Port ${port} is in use. Set PORT to another one.`)
    server.close()
  })

  test.each([
    ['PORT', '0'],
    ['PORT', 'http'],
    ['PORT', '8e3'],
    ['IDP_PORT', '70000'],
    ['HOST', 'example.com'],
    ['PUBLIC_URL', 'candor'],
    ['PUBLIC_URL', 'http://status.example.com'],
    ['PUBLIC_URL', 'https://example.com/candor'],
    ['STATUS_URL', 'javascript:alert(1)'],
    ['DEFAULT_PLAN', 'enterprise'],
    ['ALLOW_PRIVATE_TARGETS', '127.0.0.1'],
    ['DOH_URL', 'http://dns.example.com'],
    ['RATE_LIMIT_TIMES', '0'],
    ['RATE_LIMIT_TIMES', '1.5'],
    ['SECURITY_CONTACT', 'security'],
    ['WITNESS_URL', 'https://witness.example'],
    ['WITNESS_VKEY', 'witness.example+00000000+BA=='],
    ['IDENTITY_PROVIDERS', '{"clientSecret":"do-not-print"}'],
    ['IDENTITY_PROVIDERS', '[]'],
  ])('%s=%s', async (name, value) => {
    const said = await sentence({ [name]: value })
    expect(said).toContain(name)
    expect(said).not.toContain('do-not-print')
  })

  test('PORT and IDP_PORT that are the same', async () => {
    expect(await sentence({ IDP_PORT: String(port) })).toBe(`PORT and IDP_PORT have to differ; both are ${port}.`)
  })

  test('identity providers that the Worker does not accept: it is not called ready', async () => {
    const said = await sentence({ IDENTITY_PROVIDERS: '[{"id":"x"}]' })
    expect(said).toMatch(/^Candor has started but does not answer well \(500\)\. .*candor\.log says why\.$/)
    expect(readFileSync(join(stateDir, 'candor.log'), 'utf8')).toContain('IDENTITY_PROVIDERS')
    await nothingLeft(stateDir)
  })
})
