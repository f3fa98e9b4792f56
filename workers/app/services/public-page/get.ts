import type { Db } from '../../db/client.ts'
import { incidentsBySlug, monitorsBySlug, pageBySlug } from './rows.ts'

const DAYS_MS = 90 * 86_400_000
const MAX_INCIDENTS = 50

/** A public page with its monitors and incidents, in one round trip; null when there is none. `now` in Unix milliseconds. */
export async function publicPage(db: Db, slug: string, now: number) {
  const [[page], monitors, incidents] = await db.batch([
    pageBySlug(db, slug),
    monitorsBySlug(db, slug),
    incidentsBySlug(db, slug, now - DAYS_MS, MAX_INCIDENTS),
  ])
  return page ? { page, monitors, incidents } : null
}
