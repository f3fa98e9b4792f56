import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './processes.ts'

/** Where Linux keeps files in memory (shm_overview(7)). */
const SHM = '/dev/shm'
/** A run needs less than half of this; a container has 64 MB there unless it is told otherwise. */
const NEEDED_BYTES = 4 * 2 ** 30
const PREFIX = 'candor-check-'

function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHM)
    return bavail * bsize >= NEEDED_BYTES
  } catch {
    return false
  }
}

/**
 * Puts the temporary files of this process and its children into memory, where there is room: each object of a test is a
 * database of its own, and waiting for a disk to have it for good is half of the time of a run. What a killed process
 * leaves is the same on both: only a loss of power tells them apart.
 */
export function keepInMemory(): void {
  if (process.env.TMPDIR !== undefined || !isRoomy()) return
  // A run that was killed has left its files behind.
  for (const name of readdirSync(SHM))
    if (name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length))))
      rmSync(join(SHM, name), { recursive: true, force: true })
  const folder = join(SHM, `${PREFIX}${process.pid}`)
  mkdirSync(folder, { mode: 0o700 })
  process.env.TMPDIR = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
}
