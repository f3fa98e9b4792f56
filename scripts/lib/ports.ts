import { createServer } from 'node:net'
import { fail } from './fail.ts'

function listen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

/** Refuses a port that somebody else has. */
export async function requireFree(name: string, host: string, port: number): Promise<void> {
  await listen(host, port).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EADDRINUSE'
      ? fail(`Port ${port} is in use. Set ${name} to another one.`)
      : fail(`Port ${port} on ${host} cannot be opened (${error.code ?? error.message}). Set ${name} to another one.`),
  )
}

/** A port that is free now. */
export const freePort = () => listen('127.0.0.1', 0)
