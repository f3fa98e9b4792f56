import type { AuditEntryView, AuditLeaf } from '../../../../shared/contracts/audit.ts'

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** An entry as it is shown: the signed leaf, with the name of the person while that is kept. */
export function auditEntryView(row: { leaf: string; leafHash: Uint8Array; person: string | null }): AuditEntryView {
  const leaf: AuditLeaf = JSON.parse(row.leaf)
  const person: { name?: string } = row.person === null ? {} : JSON.parse(row.person)
  return {
    seq: leaf.seq,
    at: new Date(leaf.at).toISOString(),
    action: leaf.action,
    actor: leaf.actor,
    actorName: person.name ?? null,
    user: leaf.user,
    surface: leaf.surface,
    auth: leaf.auth,
    entity: leaf.entity,
    before: leaf.before,
    after: leaf.after,
    changes: leaf.changed.map((field) => ({
      field,
      before: leaf.before?.[field] ?? null,
      after: leaf.after?.[field] ?? null,
    })),
    outcome: leaf.outcome,
    requestId: leaf.requestId,
    leafHash: hex(row.leafHash),
  }
}
