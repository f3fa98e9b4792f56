import type { ExportLine } from '../../contracts/audit-export.ts'
import { type Sha256, webSha256 } from '../merkle.ts'
import type { NoteVerifier } from '../note.ts'
import { notAnExport, parseHeader, parseLine, parseVerifiers } from './lines.ts'
import { isFiltered, readLog } from './read-log.ts'
import { firstFinding, type Report } from './report.ts'
import { compareSince, readSince } from './since.ts'

export interface VerifyOptions {
  /** Keys that you hold. Without them the export's own are used, which only shows that it fits itself. */
  keys?: string[]
  /** An older checkpoint of the same log that you hold. */
  since?: string
  /** WebCrypto unless it says otherwise. One that answers at once makes this several times as fast. */
  sha256?: Sha256
  /** Called now and then with the number of entries read. */
  onProgress?: (entries: number) => void
}

const PROGRESS_EVERY = 5000

async function readLine(line: ExportLine, log: ReturnType<typeof readLog>, verifiers: NoteVerifier[]): Promise<void> {
  if ('leaf' in line) await log.entry(line)
  else if ('gap' in line) await log.gap(line)
  else if ('mark' in line) log.mark(line)
  else await log.end(line, verifiers)
}

/**
 * Verifies an export against its signed checkpoint, and against an older one where that is given. Reads it once and runs
 * wherever WebCrypto does. Throws `bad_request` for what is no export, and for half of one.
 */
export async function verifyExport(lines: AsyncIterable<string>, options: VerifyOptions = {}): Promise<Report> {
  const input = lines[Symbol.asyncIterator]()
  const header = await parseHeader((await input.next()).value)
  const { origin, size } = header
  const findings = firstFinding()
  const verifiers = await parseVerifiers(options.keys ?? header.keys)
  if (options.keys && verifiers.every(({ name }) => name !== origin))
    findings.find('wrong workspace', null, `The export is of ${origin}, and the key of ${verifiers[0]?.name}.`)
  const since = await readSince(options.since, origin, verifiers, findings)
  const log = readLog(header, since, findings, options.sha256 ?? webSha256)

  let number = 1
  let ended = false
  for (let next = await input.next(); !next.done; next = await input.next()) {
    number++
    if (ended) throw notAnExport(`Line ${number} comes after the end of the export.`)
    const line = parseLine(next.value, number)
    await readLine(line, log, verifiers)
    ended = 'end' in line
    if (number % PROGRESS_EVERY === 0) options.onProgress?.(log.next())
  }
  if (!ended) throw notAnExport(`The export is cut off after line ${number}: its end with the checkpoint is missing.`)
  compareSince(since, size, log.sinceRoot(), findings)
  if (header.unlogged) findings.find('bad signature', null, 'Candor did not sign this export.')
  const found = findings.get()
  const why = found?.why ?? `All ${size} entries are what the signed checkpoint says.`
  const { unlogged = null } = header
  return {
    verdict: found?.verdict ?? 'sound',
    entry: found?.entry ?? null,
    within: found?.within ?? null,
    why,
    origin,
    size,
    unlogged,
    filtered: isFiltered(header),
    ...log.counts,
  }
}
