import { atomFeed, xmlText } from '../../../shared/domain/atom.ts'
import { OVERALL_SENTENCES } from '../../../shared/domain/status.ts'
import { duration, exactTime } from './components/time.tsx'
import type { PublicIncident, PublicStatus } from './public-status.ts'

const urn = (id: string) => `urn:uuid:${id}`
const iso = (at: number) => new Date(at).toISOString()

/** What an incident is, in words that change only when it does. */
export function incidentText({ what, startedAt, resolvedAt }: PublicIncident): string {
  const begun = `${what} ${exactTime(startedAt)}`
  if (resolvedAt === null) return `${begun}. This is not over.`
  return `${begun}, for ${duration(resolvedAt - startedAt)}. It was over at ${exactTime(resolvedAt)}.`
}

/** A page's incidents as an Atom feed: an entry each, which is updated when it is over. */
export const statusFeed = ({ id, title, address, overall, incidents, changedAt }: PublicStatus): string =>
  atomFeed({
    id: urn(id),
    title: `${title} status`,
    subtitle: OVERALL_SENTENCES[overall],
    self: `${address}/feed.atom`,
    page: address,
    author: title,
    updated: iso(changedAt),
    entries: incidents.map((incident) => ({
      id: urn(incident.id),
      title: `${incident.name}: ${incident.resolvedAt === null ? 'down' : 'resolved'}`,
      published: iso(incident.startedAt),
      updated: iso(incident.resolvedAt ?? incident.startedAt),
      page: `${address}#${incident.id}`,
      html: `<p>${xmlText(incidentText(incident))}</p>`,
    })),
  })
