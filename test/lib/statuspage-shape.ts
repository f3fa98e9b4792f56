import { z } from 'zod'

/*
 * What Atlassian Statuspage documents of /api/v2 (Status API, "Summary", "Status", "Components", "Unresolved incidents",
 * "All incidents"): its names, its words, and nothing besides. What reads that has to be able to read ours.
 */
const Id = z.string().min(1)
const At = z.iso.datetime()
const AtOrNot = At.nullable()

const Page = z.strictObject({ id: Id, name: z.string().min(1), url: z.url(), time_zone: z.string(), updated_at: At })
const Status = z.strictObject({
  indicator: z.enum(['none', 'minor', 'major', 'critical']),
  description: z.string().min(1),
})
const Component = z.strictObject({
  id: Id,
  name: z.string().min(1),
  status: z.enum(['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance']),
  created_at: At,
  updated_at: At,
  position: z.int().min(1),
  description: z.string().nullable(),
  showcase: z.boolean(),
  start_date: z.iso.date().nullable(),
  group_id: Id.nullable(),
  page_id: Id,
  group: z.boolean(),
  only_show_if_degraded: z.boolean(),
})
const Step = z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem'])
const Update = z.strictObject({
  id: Id,
  status: Step,
  body: z.string().min(1),
  incident_id: Id,
  created_at: At,
  updated_at: At,
  display_at: At,
  affected_components: z.array(z.unknown()).nullable(),
  deliver_notifications: z.boolean(),
  custom_tweet: z.string().nullable(),
  tweet_id: z.string().nullable(),
})
const Incident = z.strictObject({
  id: Id,
  name: z.string().min(1),
  status: Step,
  created_at: At,
  updated_at: At,
  monitoring_at: AtOrNot,
  resolved_at: AtOrNot,
  impact: z.enum(['none', 'minor', 'major', 'critical']),
  shortlink: z.url(),
  started_at: At,
  page_id: Id,
  incident_updates: z.array(Update).min(1),
  components: z.array(Component),
})

const page = Page
const components = z.array(Component)
const incidents = z.array(Incident)

/** By the end of its path. */
export const SHAPES: Record<string, z.ZodType> = {
  'status.json': z.strictObject({ page, status: Status }),
  'components.json': z.strictObject({ page, components }),
  'incidents.json': z.strictObject({ page, incidents }),
  'incidents/unresolved.json': z.strictObject({ page, incidents }),
  'summary.json': z.strictObject({
    page,
    status: Status,
    components,
    incidents,
    // Maintenance is not planned here yet.
    scheduled_maintenances: z.array(z.never()),
  }),
}

/** What of an answer is not of that shape, and which of its ids lead nowhere. */
export function shapeFaults(path: string, body: unknown): string[] {
  const shape = SHAPES[path.replace(/^.*\/api\/v2\//, '')]
  if (!shape) return [`${path} has no shape`]
  const { error } = shape.safeParse(body)
  if (error) return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  const { page: own, ...lists } = body as { page: { id: string }; components?: []; incidents?: [] }
  const all = [...(lists.components ?? []), ...(lists.incidents ?? [])] as { id: string; page_id: string }[]
  return all.filter(({ page_id: of }) => of !== own.id).map(({ id }) => `${id} is of another page`)
}
