import { endProcessesAt } from './processes.ts'

// Waits for the end of its input, which the system closes whatever the process at the other end dies of.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.stdin.resume()
process.stdin.on('end', async () => {
  for (const path of process.argv.slice(2)) await endProcessesAt(path)
})
