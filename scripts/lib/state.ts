import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fail } from './fail.ts'
import { beginOf, isAlive } from './processes.ts'

/** One folder after the other: Node's own `recursive` never ends in a place that takes none, such as /proc. */
function makeFolders(path: string): void {
  if (existsSync(path)) return
  makeFolders(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

function requireWritable(folder: string): void {
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  const trial = join(folder, `.writable-${process.pid}`)
  // With something in it: a full disk takes empty files.
  writeFileSync(trial, 'trial')
  rmSync(trial)
}

/** Makes the state folder, for its owner only. Answers its one true path, so that two spellings are one folder. */
export function openStateDir(stateDir: string): string {
  let folder = stateDir
  try {
    makeFolders(stateDir)
    requireWritable(stateDir)
    // What somebody else has begun, as with sudo once, is not found out by the folder around it.
    folder = join(stateDir, 'data')
    if (existsSync(folder)) requireWritable(folder)
    return realpathSync(stateDir)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error'
    return fail(`The state folder ${folder} cannot be written to (${code}). Set STATE_DIR to a folder that can.`)
  }
}

interface Holder {
  pid: number
  began: string
}

const lockPath = (stateDir: string) => join(stateDir, 'lock.json')

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Gone, or half written when its process was killed: nobody holds it.
    return null
  }
}

/** By id and beginning: after a restart of the machine or the container another process may have the id. */
const lives = (holder: Holder | null) =>
  holder !== null && isAlive(holder.pid) && beginOf(holder.pid) === holder.began ? holder : null

function create(path: string): boolean {
  const holder: Holder = { pid: process.pid, began: beginOf(process.pid) }
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes the state folder for this process. A dead process's lock is taken over; a live one's is one sentence. */
export function takeLock(stateDir: string): void {
  const path = lockPath(stateDir)
  if (create(path)) return
  const holder = lives(readHolder(path))
  if (!holder) {
    // Of two that find the same dead lock, one moves it away; the other moves nothing or finds a live one in its hands.
    const aside = `${path}.${process.pid}`
    try {
      renameSync(path, aside)
    } catch {
      fail(`Another Candor has just started on the state folder ${stateDir}.`)
    }
    const moved = lives(readHolder(aside))
    if (moved) renameSync(aside, path)
    else rmSync(aside)
    if (!moved && create(path)) return
  }
  const pid = holder?.pid ?? readHolder(path)?.pid
  fail(
    `Another Candor (process ${pid}) is using the state folder ${stateDir}. Stop it, or set STATE_DIR to another one.`,
  )
}

export function releaseLock(stateDir: string): void {
  if (readHolder(lockPath(stateDir))?.pid === process.pid) rmSync(lockPath(stateDir), { force: true })
}
