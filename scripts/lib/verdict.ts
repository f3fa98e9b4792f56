import type { DeploymentReceipt } from '../../shared/domain/verify/deployment.ts'
import type { Report } from '../../shared/domain/verify/report.ts'

export type { Report }

const count = (entries: number, what: string) => (entries === 0 ? [] : [`${entries.toLocaleString('en')} ${what}`])

/** What came of it, in words: the verdict first. */
export function verdictLine(report: Report, since: string | undefined, ownKeys: boolean): string {
  const { verdict, entry, within, why, origin, filtered } = report
  const named = verdict === 'truncated' ? `truncated against ${since}` : verdict
  const parts = [
    ...count(report.checked, 'entries checked'),
    ...count(report.leftOut, 'left out by the filter, known by their hashes'),
    ...count(report.pruned, 'pruned by retention, known by their hashes'),
    ...count(report.erased, 'with erased personal fields, commitment present'),
  ]
  const lines = [
    `${named}${entry === null ? '' : `, first bad entry ${entry}`}${within === null ? '' : `, within the first ${within} entries`}`,
    why,
    `${origin}: ${parts.join('; ') || 'no entry'}.`,
  ]
  if (report.unlogged)
    lines.push(
      `Candor made this export without an entry, because the log did not match its own copy of ${report.unlogged.known.toLocaleString('en')} entries: ${report.unlogged.finding}. So it is not signed.`,
    )
  if (verdict === 'sound' && filtered)
    lines.push(
      'The export has a filter. Whether it leaves out only what does not fit, and whether texts and personal fields that are gone were pruned and erased by entries of the log, cannot be told from it: export without a filter.',
    )
  if (verdict === 'sound' && ownKeys)
    lines.push('The key came with the export. With --key and one that you hold, this says more.')
  return lines.join('\n')
}

/** What a receipt of the deployment log adds. */
export function deploymentLine({ entries, index, size, witnessedAt }: DeploymentReceipt): string {
  const seen =
    witnessedAt === null
      ? 'No witness was asked for: give --witness and its key.'
      : `The witness has signed that head at ${new Date(witnessedAt).toISOString()}.`
  const count = entries.toLocaleString('en')
  return `It continues the checkpoint of ${count} entries, which is entry ${index} of a deployment log of ${size}. ${seen}`
}
