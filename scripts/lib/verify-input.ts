import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

/** What was given cannot be used: nothing can be said of a log. */
export class UsageError extends Error {}

/** The longest line: an entry of 65,535 bytes, escaped once more. Noise without line ends must not fill the memory. */
const MAX_LINE_BYTES = 1_000_000

const WHY: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
}

const isStandardInput = (path: string) => path === '-'
const nameOf = (path: string) => (isStandardInput(path) ? 'standard input' : path)

function unreadable(what: string, path: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException
  return new UsageError(`The ${what} ${nameOf(path)} cannot be read: ${WHY[code ?? ''] ?? code ?? String(error)}.`)
}

/** A small file, whole. `what` it is to be: of several files, the one that cannot be read is named. */
export async function textOf(what: string, path: string): Promise<string> {
  try {
    return isStandardInput(path) ? await text(process.stdin) : await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(what, path, error)
  }
}

async function* bytesOf(path: string): AsyncIterable<Buffer> {
  try {
    yield* isStandardInput(path) ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 })
  } catch (error) {
    throw unreadable('export', path, error)
  }
}

/** Lines of a file, one after the other. Throws for what is not UTF-8 to its last byte and for lines that no export has. */
export async function* linesOf(path: string): AsyncGenerator<string, void> {
  const none = (why: string) => new UsageError(`${nameOf(path)} is not a Candor audit export: ${why}.`)
  // A byte order mark is kept: no export has one, and it is one only as it was made.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (part?: Buffer) => {
    try {
      return part ? decoder.decode(part, { stream: true }) : decoder.decode()
    } catch {
      throw none('it is not text')
    }
  }
  let rest = ''
  let begun = false
  for await (const part of bytesOf(path)) {
    rest += decode(part)
    if (!begun && rest.startsWith('\uFEFF')) throw none('a byte order mark stands before its first line')
    begun ||= rest !== ''
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > MAX_LINE_BYTES) throw none('a line has no end')
  }
  rest += decode()
  if (rest !== '') yield rest
}
