import type { AuditAccepted, AuditStatusAnswer, PlanChanged, TreeHead } from '../../shared/contracts/operator.ts'
import { findingText } from '../../shared/domain/finding.ts'

const nameOf = ({ workspace: { id, name } }: { workspace: { id: string; name: string } }) => `${id} (${name})`
const entries = ({ size, root }: TreeHead) => `${size.toLocaleString('en')} entries, root ${root}`
const momentOf = (at: number) => new Date(at).toISOString()

/** What changed, and what is above the limits now. */
export function planText(answer: PlanChanged): string {
  const { workspace, before, seq, above } = answer
  const changed = `${nameOf(answer)}: the plan was "${before}" and is "${workspace.plan}" now. Entry #${seq} of its audit log.`
  if (above.length === 0) return changed
  const lines = above.map(({ what, count, limit }) => `  ${count} ${what}; the plan has ${limit}`)
  return [
    changed,
    'Nothing was deleted or stopped. This is more than the plan has; it stays, and nothing can be added to it:',
    ...lines,
  ].join('\n')
}

/** How a log stands, the verdict first. */
export function statusText(answer: AuditStatusAnswer): string {
  const { known, stored, fits, finding, checked, unlogged } = answer
  const verdict = finding
    ? `does not verify: ${findingText(finding)}`
    : fits
      ? 'is as its object knows it'
      : 'does not match its own copy'
  const { count, last } = unlogged
  return [
    `The audit log of ${nameOf(answer)} ${verdict}.`,
    fits ? 'Changes are taken.' : 'Every change is refused with 503 until the log is restored or accepted.',
    `  its object knows   ${entries(known)}`,
    `  the database has   ${entries(stored)}`,
    checked.at === 0
      ? '  not checked yet'
      : `  last checked       ${checked.size.toLocaleString('en')} entries found right, ${momentOf(checked.at)}; read from the first on since ${momentOf(checked.begun)}`,
    ...(last
      ? [`  exported ${count} times without an entry, last ${momentOf(last.at)} by ${last.userId} (${last.requestId})`]
      : []),
  ].join('\n')
}

export function acceptedText(answer: AuditAccepted): string {
  const { known, accepted, seq } = answer
  return [
    `The audit log of ${nameOf(answer)} is accepted as the database has it. Entry #${seq} says so, for ever.`,
    `  known until now    ${entries(known)}`,
    `  accepted           ${entries(accepted)}`,
    'Whoever holds a checkpoint of what was known will see that the log does not continue it.',
  ].join('\n')
}
