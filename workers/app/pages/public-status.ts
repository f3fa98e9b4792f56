import type { DaySummary, MonitorStatus } from '../../../shared/domain/schedule.ts'
import type { Overall } from '../../../shared/domain/status.ts'

export interface PublicComponent {
  /** The public's name for it (crypto/public-id.ts), like every id here. */
  id: string
  name: string
  status: MonitorStatus
  createdAt: number
  /** Since when it has this status, Unix milliseconds; null when that is not known. */
  since: number | null
  lastCheckedAt: number | null
  days: DaySummary[]
}

export interface PublicIncident {
  id: string
  componentId: string
  /** Of its component. */
  name: string
  startedAt: number
  resolvedAt: number | null
  /** What was seen, as the beginning of a sentence that ends with the time: "It did not answer in time, from". */
  what: string
}

/** All that the public may know of a status page. Whatever shows it, in whatever form, shows only this. */
export interface PublicStatus {
  id: string
  title: string
  /** Address of the page, absolute. */
  address: string
  overall: Overall
  components: PublicComponent[]
  /** Those that are open first, then the newest; of ninety days. */
  incidents: PublicIncident[]
  /** Whether there were more incidents in these days than are listed. */
  cut: boolean
  /** When a state, an incident or the page itself last changed, Unix milliseconds. That nothing is heard is no change. */
  changedAt: number
}
