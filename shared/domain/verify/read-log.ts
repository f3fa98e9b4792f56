import type { ExportEnd, ExportEntry, ExportGap, ExportHeader, ExportMark } from '../../contracts/audit-export.ts'
import { toBase64 } from '../base64.ts'
import { readCheckpoint, type TreeHead } from '../checkpoint.ts'
import { growTree } from '../compact-range.ts'
import type { Sha256 } from '../merkle.ts'
import { type NoteVerifier, parseNote } from '../note.ts'
import { explainAbsence } from './absence.ts'
import { bytesOf, entryChecker, sameBytes } from './entry.ts'
import type { Counts, Findings } from './report.ts'
import { followSequence } from './sequence.ts'
import { claimedHead } from './since.ts'

/** Whether entries are left out because somebody asked for some of them only. */
export const isFiltered = ({ filter }: Pick<ExportHeader, 'filter'>): boolean => Object.keys(filter).length > 0

/** Whether a known key has signed what the lines of an export lead to. */
async function checkSigned(
  own: TreeHead,
  lastMark: number,
  checkpoint: string,
  verifiers: NoteVerifier[],
  findings: Findings,
): Promise<void> {
  const claimed = claimedHead(parseNote(checkpoint))
  const read = await readCheckpoint(checkpoint, verifiers)
  if (claimed && claimed.origin !== own.origin)
    findings.find('wrong workspace', null, `The checkpoint is of ${claimed.origin}, not of ${own.origin}.`)
  else if (!read.ok)
    findings.find(
      'bad signature',
      null,
      `No key that is known has signed the checkpoint: it vouches for none of the ${own.size} entries.`,
    )
  else if (read.head.size !== own.size)
    findings.find('altered', null, `The checkpoint is of ${read.head.size} entries, not of ${own.size}.`)
  else if (!sameBytes(read.head.root, own.root))
    findings.findWithin(
      'altered',
      own.size,
      `The entries do not lead to the root that was signed. By the marks of the export, something from entry ${lastMark} on was altered with its hash.`,
    )
}

/** Reads the lines of an export once, in order, and keeps O(log n) of them, and who was erased before the log says so. */
export function readLog(
  header: ExportHeader & { hash: string },
  since: TreeHead | null,
  findings: Findings,
  sha256: Sha256,
) {
  const tree = growTree(sha256)
  const checkEntry = entryChecker(header.log, findings, sha256)
  const sequence = followSequence(header.size, findings)
  const absence = isFiltered(header) ? null : explainAbsence(findings)
  const counts: Counts = { checked: 0, leftOut: 0, pruned: 0, erased: 0 }
  let lastMark = 0
  let sinceRoot: Uint8Array | null = null
  const isSound = () => findings.get() === null

  async function grown(): Promise<void> {
    if (since?.size === tree.size()) sinceRoot = await tree.root()
  }

  return {
    counts,
    next: sequence.next,
    /** The root at the size of the older checkpoint; null when the export passes it inside a gap. */
    sinceRoot: () => sinceRoot,

    async entry(line: ExportEntry): Promise<void> {
      counts.checked++
      if (!sequence.entry(line.seq)) return
      const { hash, claims, erased } = await checkEntry(line)
      if (erased) counts.erased++
      if (!isSound()) return
      absence?.entry(line.seq, claims, erased)
      await tree.append(0, hash)
      await grown()
    },

    async gap(line: ExportGap): Promise<void> {
      const { why, hashes } = line
      const [from, to] = line.gap
      if (why !== 'missing') counts[why === 'pruned' ? 'pruned' : 'leftOut'] += Math.max(0, to - from)
      const fits = sequence.gap(from, to)
      if (why === 'missing')
        findings.find('missing', from, `The text of entry ${from} is missing, and no entry says that it was pruned.`)
      if (fits) absence?.gap(line)
      if (!fits || !isSound()) return
      if (await tree.appendSpan(to, hashes.map(bytesOf))) await grown()
      else findings.find('altered', from, `The gap from entry ${from} has not the hashes of its length.`)
    },

    /** The range that was stored at this size has to be the one that the lines so far lead to. */
    mark({ mark, range }: ExportMark): void {
      const size = tree.size()
      if (mark !== size) findings.find('altered', null, `A mark of the export stands at ${size} and says ${mark}.`)
      else if (tree.range().map(toBase64).join() !== range.join())
        findings.findWithin(
          'altered',
          size,
          `By the marks of the export, something from entry ${lastMark} to ${size - 1} was altered with its hash, or the mark after them.`,
        )
      lastMark = mark
    },

    async end({ end, header: headerHash, checkpoint }: ExportEnd, verifiers: NoteVerifier[]): Promise<void> {
      if (headerHash !== header.hash) findings.find('altered', null, 'The header of the export was altered.')
      const next = sequence.next()
      const { size, origin } = header
      if (next < size) findings.find('missing', next, `Entries from ${next} on are missing: the log had ${size}.`)
      if (next > size) findings.find('altered', size, `The header names ${size} entries, and entry ${size} is there.`)
      if (end !== size)
        findings.find('altered', null, `The header names ${size} entries, and the end of the export ${end}.`)
      if (!isSound()) return
      // Candor signs no log that does not match its own copy: verify-export.ts says so, after what is worse.
      if (header.unlogged && checkpoint === '') return absence?.end()
      await checkSigned({ size, origin, root: await tree.root() }, lastMark, checkpoint, verifiers, findings)
      // What the entries say counts only when they are the ones that were signed.
      absence?.end()
    },
  }
}
