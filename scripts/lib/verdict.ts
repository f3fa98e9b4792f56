import type { Report } from '../../shared/domain/verify/report.ts'

export type { Report }

const count = (entries: number, what: string) => (entries === 0 ? [] : [`${entries.toLocaleString('en')} ${what}`])

/** What came of it, in words: the verdict first. */
export function verdictLine(report: Report, since: string | undefined, ownKeys: boolean): string {
  const { verdict, entry, why, origin } = report
  const named = verdict === 'truncated' ? `truncated against ${since}` : verdict
  const parts = [
    ...count(report.checked, 'entries checked'),
    ...count(report.leftOut, 'left out by the filter, known by their hashes'),
    ...count(report.pruned, 'pruned by retention, known by their hashes'),
    ...count(report.erased, 'with erased personal fields, commitment present'),
  ]
  const lines = [
    `${named}${entry === null ? '' : `, first bad entry ${entry}`}`,
    why,
    `${origin}: ${parts.join('; ') || 'no entry'}.`,
  ]
  if (report.unlogged)
    lines.push(
      `Candor made this export without an entry, because the log did not match its own copy of ${report.unlogged.known.toLocaleString('en')} entries: ${report.unlogged.finding}.`,
    )
  if (verdict === 'sound' && ownKeys)
    lines.push('The key came with the export. With --key and one that you hold, this says more.')
  return lines.join('\n')
}
