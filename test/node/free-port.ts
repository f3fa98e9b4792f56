import { createServer } from 'node:net'

/** Below the range that systems take the ports of outgoing connections from, so that none of those can take it. */
const LOWEST = 20_000
const COUNT = 10_000

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** A port of loopback that is free now, and that nobody gets by chance before it is used. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < 100; i++) {
    const port = LOWEST + Math.floor(Math.random() * COUNT)
    if (await isFree(port)) return port
  }
  throw new Error('No free port was found.')
}
