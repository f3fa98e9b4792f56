import { spawnSync } from 'node:child_process'

/** Whether a process lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Command line of a process; empty when it is gone. `ps` is POSIX, so this works on Linux and macOS. */
export function commandOf(pid: number): string {
  return spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout?.trim() ?? ''
}

/** Process ids of the runtimes that a process has started. */
export function runtimesOf(parent: number): number[] {
  const { stdout = '' } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === parent && match[3]?.includes('workerd'))
    .map((match) => Number(match?.[1]))
}

/** Ends a runtime that its dead runner left behind. Anything that is not a runtime is left alone. */
export async function endOrphan(pid: number, graceMs: number): Promise<void> {
  for (let waited = 0; waited < graceMs && isAlive(pid); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
  if (isAlive(pid) && commandOf(pid).includes('workerd')) process.kill(pid, 'SIGKILL')
}
