import type { Db } from '../../db/client.ts'
import { incidentsBySlug, monitorsBySlug, pageBySlug } from './rows.ts'

const DAYS_MS = 90 * 86_400_000
/** As many as a page has monitors at most, each with at most one open incident: none that is open is left out. */
const MAX_INCIDENTS = 100

/**
 * A public page with its monitors and incidents, in one round trip; null when there is none. `cut`: there were more
 * incidents than are in it. `now` in Unix milliseconds.
 */
export async function publicPage(db: Db, slug: string, now: number) {
  const [[page], monitors, incidents] = await db.batch([
    pageBySlug(db, slug),
    monitorsBySlug(db, slug),
    incidentsBySlug(db, slug, now - DAYS_MS, MAX_INCIDENTS + 1),
  ])
  return page
    ? { page, monitors, incidents: incidents.slice(0, MAX_INCIDENTS), cut: incidents.length > MAX_INCIDENTS }
    : null
}
