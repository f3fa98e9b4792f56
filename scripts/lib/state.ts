import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from './fail.ts'
import { commandOf, endOrphan, isAlive } from './processes.ts'

interface Lock {
  pid: number
  runtimes: number[]
}

/** Makes the state folder, for its owner only. */
export function openStateDir(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    accessSync(stateDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const probe = join(stateDir, '.writable')
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error'
    fail(`The state folder ${stateDir} cannot be written to (${code}). Set STATE_DIR to a folder that can.`)
  }
}

const lockPath = (stateDir: string) => join(stateDir, 'lock.json')

function readLock(stateDir: string): Lock | null {
  if (!existsSync(lockPath(stateDir))) return null
  try {
    return JSON.parse(readFileSync(lockPath(stateDir), 'utf8'))
  } catch {
    // Half written when its process was killed: nobody holds it.
    return null
  }
}

/** Takes the state folder for this process. A dead process's lock is taken over, after its runtime has ended. */
export async function takeLock(stateDir: string): Promise<void> {
  const held = readLock(stateDir)
  if (held && held.pid !== process.pid && isAlive(held.pid) && commandOf(held.pid).includes('start.ts'))
    fail(`Another Candor (process ${held.pid}) is using the state folder ${stateDir}.`)
  // The reaper ends the runtime a moment after its runner was killed; wait for that before opening its files.
  await Promise.all((held?.runtimes ?? []).map((pid) => endOrphan(pid, 2000)))
  noteRuntimes(stateDir, [])
}

/** Notes which runtimes belong to this process. */
export function noteRuntimes(stateDir: string, runtimes: number[]): void {
  const lock: Lock = { pid: process.pid, runtimes }
  writeFileSync(lockPath(stateDir), JSON.stringify(lock), { mode: 0o600 })
}

export function releaseLock(stateDir: string): void {
  if (readLock(stateDir)?.pid === process.pid) rmSync(lockPath(stateDir), { force: true })
}
