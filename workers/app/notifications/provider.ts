import type { z } from 'zod'
import type { AlertEvent } from '../../../shared/domain/alert.ts'
import type { SendRequest } from '../../../shared/domain/check.ts'

/** One message. `id` is stable over repeats, so that a receiver can drop what it has seen. `at` in Unix milliseconds. */
export interface Delivery {
  id: string
  at: number
}

/** A way to tell people. Pure: it says what to send; it cannot send. */
export interface Provider {
  kind: string
  name: string
  /** Fields of its config. All of them are secrets. */
  config: z.ZodType<Record<string, string>>
  render(event: AlertEvent, config: Record<string, string>, delivery: Delivery): Promise<SendRequest>
}
