import type { Db } from '../../db/client.ts'
import { incidentsBySlug, monitorsBySlug, pageBySlug } from './rows.ts'

const DAYS_MS = 90 * 86_400_000
/** As many as a page has monitors at most, each with at most one open incident: none that is open is left out. */
const MAX_INCIDENTS = 100

/** A public page with its monitors and incidents, in one round trip; null when there is none. `now` in Unix milliseconds. */
export async function publicPage(db: Db, slug: string, now: number) {
  const [[page], monitors, incidents] = await db.batch([
    pageBySlug(db, slug),
    monitorsBySlug(db, slug),
    incidentsBySlug(db, slug, now - DAYS_MS, MAX_INCIDENTS),
  ])
  return page ? { page, monitors, incidents } : null
}
