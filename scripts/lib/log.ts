import { appendFileSync, renameSync, statSync } from 'node:fs'

const LIMIT_BYTES = 10_000_000

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** A log of two files, the present and the one before, so that it never fills the disk. Answers how to write a line. */
export function openLog(path: string): (line: string) => void {
  let size = sizeOf(path)
  return (line) => {
    const text = `${new Date().toISOString()} ${line}\n`
    if (size > LIMIT_BYTES) {
      renameSync(path, `${path}.1`)
      size = 0
    }
    appendFileSync(path, text, { mode: 0o600 })
    size += Buffer.byteLength(text)
  }
}
