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

async function requireOne(name: string, host: string, port: number): Promise<void> {
  await listen(host, port).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EADDRINUSE'
      ? fail(`Port ${port} is in use. Set ${name} to another one.`)
      : fail(`Port ${port} on ${host} cannot be opened (${error.code ?? error.message}). Set ${name} to another one.`),
  )
}

/**
 * Refuses a port that somebody else has. On loopback also the port of `::1`: browsers ask there first for `localhost`,
 * and would get somebody else's answer.
 */
export async function requireFree(name: string, host: string, port: number): Promise<void> {
  await requireOne(name, host, port)
  if (host !== '127.0.0.1') return
  const hasIPv6 = await listen('::1', 0).catch(() => null)
  if (hasIPv6 !== null) await requireOne(name, '::1', port)
}
