// Installs what is missing, from the lockfile. Runs before everything else, on any Node, so it uses nothing new.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.candor-lock')

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(`Candor needs Node 20.19 or newer; this is ${process.versions.node}.`)

const lock = readFileSync(join(root, 'package-lock.json'))
const wanted = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
const have = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
if (have !== wanted) {
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const [command, ...rest] = npm ? [process.execPath, npm, ...args] : ['npm', ...args]
  const run = spawnSync(command, rest, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: !npm && process.platform === 'win32',
  })
  if (run.status !== 0)
    fail('The packages could not be installed. Look at the lines above, then run the command again.')
  writeFileSync(stamp, wanted)
}
