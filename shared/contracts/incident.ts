import { z } from 'zod'
import { ERROR_CLASSES } from '../domain/check.ts'
import { id } from './common.ts'

const Moment = z.int().min(0)

/** Said by the monitoring object. Times in Unix milliseconds. */
export const OpenIncident = z.object({
  monitorId: id('monitor'),
  startedAt: Moment,
  cause: z.object({
    errorClass: z.enum(ERROR_CLASSES),
    status: z.int().min(0).max(999),
    message: z.string().max(500),
    region: z.string().max(64),
  }),
})
export type OpenIncident = z.infer<typeof OpenIncident>

export const ResolveIncident = z.object({ monitorId: id('monitor'), startedAt: Moment, resolvedAt: Moment })
export type ResolveIncident = z.infer<typeof ResolveIncident>

export interface IncidentView {
  id: string
  monitorId: string
  startedAt: string
  resolvedAt: string | null
  cause: { errorClass: string; status: number; message: string; region: string }
}
