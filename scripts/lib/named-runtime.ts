import { spawn } from 'node:child_process'
import { readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { endProcessesAt } from './processes.ts'

const PREFIX = 'workerd-'

/**
 * Gives the runtime a program path of its own in the state folder, so that its processes can be told from everybody
 * else's, and ends the ones that an earlier Candor left behind here. Only the lock's holder calls it. Answers the path.
 */
export async function nameRuntime(stateDir: string): Promise<string> {
  await endProcessesAt(join(stateDir, PREFIX))
  for (const name of readdirSync(stateDir)) if (name.startsWith(PREFIX)) rmSync(join(stateDir, name))
  const path = join(stateDir, `${PREFIX}${process.pid}`)
  // Windows lets few people make links. There the runtime keeps its own name, and ends with its runner.
  if (process.platform === 'win32') return path
  const real = createRequire(import.meta.resolve('miniflare'))('workerd').default
  symlinkSync(process.env.MINIFLARE_WORKERD_PATH || real, path)
  process.env.MINIFLARE_WORKERD_PATH = path
  return path
}

/**
 * Ends the runtime when this process is killed without a chance to do it itself (kill -9): the runtime would go on
 * holding the port and the state. Runs before the runtime does, so there is no moment without it.
 */
export function startReaper(...paths: string[]): void {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reap.ts'), ...paths], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C goes to every process of the terminal's group; the reaper has to outlive it.
    detached: true,
  })
  reaper.unref()
  // A reaper that is gone is no reason to end; its pipe would say EPIPE.
  reaper.stdin.on('error', () => undefined)
  if ('unref' in reaper.stdin && typeof reaper.stdin.unref === 'function') reaper.stdin.unref()
}
