import { parseTreeHead, readCheckpoint, type TreeHead } from '../checkpoint.ts'
import { type NoteVerifier, parseNote, type SignedNote } from '../note.ts'
import { sameBytes } from './entry.ts'
import { notAnExport } from './lines.ts'
import type { Findings } from './report.ts'

export const claimedHead = (note: SignedNote | null): TreeHead | null => note && parseTreeHead(note.text)

/** The older checkpoint that somebody kept; null when there is none, or a finding says why it does not count. */
export async function readSince(
  since: string | undefined,
  origin: string,
  verifiers: NoteVerifier[],
  findings: Findings,
): Promise<TreeHead | null> {
  if (since === undefined) return null
  const claimed = claimedHead(parseNote(since))
  if (!claimed) throw notAnExport('What was given as the older checkpoint is none.')
  const read = await readCheckpoint(since, verifiers)
  if (claimed.origin !== origin)
    findings.find('wrong workspace', null, `The older checkpoint is of ${claimed.origin}, not of ${origin}.`)
  else if (!read.ok)
    findings.find(
      'bad signature',
      null,
      `No key that is known has signed the older checkpoint of ${claimed.size} entries: no entry was held against it.`,
    )
  return read.ok ? read.head : null
}

/** Whether the log still begins with what the older checkpoint says. `root` is the log's own at that size. */
export function compareSince(since: TreeHead | null, size: number, root: Uint8Array | null, findings: Findings): void {
  if (!since || since.size === 0 || findings.get()) return
  const name = `the checkpoint of ${since.size} entries`
  if (since.size > size)
    findings.find('truncated', size, `The log ends after ${size} entries, which is before ${name}.`)
  else if (!root)
    throw notAnExport(
      `This export leaves entries out around entry ${since.size}: for a comparison with ${name}, export without a filter.`,
    )
  else if (!sameBytes(root, since.root))
    findings.findWithin(
      'forked',
      since.size,
      `The log does not continue ${name}: at least one of its first ${since.size} entries is another, and a root does not say which.`,
    )
}
