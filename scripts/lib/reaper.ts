import { spawn } from 'node:child_process'

/** What the reaper runs: it waits for the end of its input, which the system closes whatever this process dies of. */
const CODE = `
let safe = false
process.stdin.on('data', () => { safe = true })
process.stdin.on('end', () => {
  if (!safe) for (const pid of process.argv.slice(1).map(Number)) try { process.kill(pid, 'SIGKILL') } catch {}
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
`

/**
 * Ends the runtime when this process is killed without a chance to do it itself (kill -9): the runtime would go on
 * holding the port and the state. Answers a function that lets the runtime be.
 */
export function startReaper(runtimes: number[]): () => void {
  const reaper = spawn(process.execPath, ['-e', CODE, ...runtimes.map(String)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  reaper.unref()
  const input = reaper.stdin
  return () => input?.end('stopped')
}
