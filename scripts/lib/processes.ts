import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

// On Linux from /proc: a slim container has no `ps`. Elsewhere `ps`, which is POSIX.
const LINUX = process.platform === 'linux'

function ps(...args: string[]): string {
  return spawnSync('ps', args, { encoding: 'utf8' }).stdout ?? ''
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a process lives. One that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return !(LINUX && / Z /.test(afterName(readProc(pid, 'stat'))))
}

// The name stands in brackets and may hold anything, spaces and brackets included.
const afterName = (stat: string) => stat.slice(stat.lastIndexOf(')') + 1)

/** When a process began, in the system's own words; empty when it is gone. With the id it names one process for good. */
export function beginOf(pid: number): string {
  // Field 22 of proc_pid_stat(5); the first after the name is field 3.
  if (LINUX) return afterName(readProc(pid, 'stat')).trim().split(' ')[19] ?? ''
  return ps('-o', 'lstart=', '-p', String(pid)).trim()
}

/** Ids of the processes whose program is at a path that begins so. */
export function processesAt(path: string): number[] {
  if (LINUX) {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return ids.map(Number).filter((pid) => readProc(pid, 'cmdline').startsWith(path))
  }
  const lines = ps('-A', '-ww', '-o', 'pid=,args=').split('\n')
  return lines.flatMap((line) => {
    const [, pid, args = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? []
    return args.startsWith(path) ? [Number(pid)] : []
  })
}

/** Ends, without asking, the processes whose program is at a path that begins so; answers when they are gone. */
export async function endProcessesAt(path: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const ids = processesAt(path).filter(isAlive)
    if (ids.length === 0) return
    for (const pid of ids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
