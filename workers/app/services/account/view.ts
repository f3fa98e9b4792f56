import {
  type AccountEntryView,
  type IdentityView,
  type Origin,
  type SessionView,
  sessionId,
} from '../../../../shared/contracts/account.ts'
import { auditEntryView } from '../audit/view.ts'

/** Where something came from, by the personal fields that an entry has kept: none, once they are erased. */
function originOf(json: string | null): Origin {
  const { ip, userAgent, country }: Partial<Origin> = json === null ? {} : JSON.parse(json)
  return { ip: ip ?? null, userAgent: userAgent ?? null, country: country ?? null }
}

interface SessionRow {
  hash: string
  provider: string
  userAgent: string
  createdAt: number
  lastSeenAt: number
  client: string | null
}

/** `own`: hash of the session that asks. */
export const sessionView = ({ hash, provider, userAgent, createdAt, lastSeenAt, client }: SessionRow, own: string) =>
  ({
    id: sessionId(hash),
    provider,
    ...originOf(client),
    userAgent: userAgent === '' ? null : userAgent,
    createdAt: new Date(createdAt).toISOString(),
    lastSeenAt: new Date(lastSeenAt).toISOString(),
    current: hash === own,
  }) satisfies SessionView

interface IdentityRow {
  id: string
  provider: string
  issuer: string
  name: string
  email: string | null
  createdAt: number
  lastUsedAt: number
}

/** `own`: what the session that asks began with. */
export const identityView = (row: IdentityRow, own: string): IdentityView => {
  const { id, provider, issuer, name, email, createdAt, lastUsedAt } = row
  const times = { createdAt: new Date(createdAt).toISOString(), lastUsedAt: new Date(lastUsedAt).toISOString() }
  return { id, provider, issuer, name, email, ...times, current: id === own }
}

export const accountEntryView = (row: Parameters<typeof auditEntryView>[0]): AccountEntryView => ({
  ...auditEntryView(row),
  from: originOf(row.person),
})
