import type { AlertEvent } from '../../../shared/domain/alert.ts'
import type { SendAnswer, SendRequest } from '../../../shared/domain/check.ts'
import type { Delivery, Provider } from './provider.ts'

export type Outcome =
  | { delivered: true; message: string }
  | { delivered: false; permanent: boolean; message: string; retryAfterSeconds: number | null }

/** Seconds before each further try: seconds first, because most trouble is short, then hours. */
const DELAYS = [5, 30, 120, 600, 1800, 3600, 10_800, 21_600]
/** A queue delays a message by at most 12 hours. */
const MAX_DELAY_SECONDS = 43_200

/** Seconds until try `attempt + 1`, give or take a quarter, so that many do not come back at once. `random` in [0, 1). */
export function retryDelaySeconds(attempt: number, random: number): number {
  const delay = DELAYS[Math.min(Math.max(attempt, 1), DELAYS.length) - 1] ?? MAX_DELAY_SECONDS
  return Math.round(delay * (0.75 + random / 2))
}

/** Client errors that may pass: request timeout, too early, too many requests. */
const PASSING = [408, 425, 429]

function judge({ status, message, retryAfterSeconds, errorClass }: SendAnswer): Outcome {
  if (status >= 200 && status < 300) return { delivered: true, message: `Delivered: the receiver answered ${status}.` }
  const wait = retryAfterSeconds === null ? null : Math.min(retryAfterSeconds, MAX_DELAY_SECONDS)
  if (status === 0)
    return { delivered: false, permanent: errorClass === 'address_refused', message, retryAfterSeconds: null }
  const permanent = status < 500 && !PASSING.includes(status)
  return { delivered: false, permanent, message: `The receiver answered ${status}.`, retryAfterSeconds: wait }
}

/** Renders and sends one message, and says what came of it. `send` reaches the network; nothing else here does. */
export async function deliver(
  message: { provider: Provider; config: Record<string, string>; event: AlertEvent; delivery: Delivery },
  send: (request: SendRequest) => Promise<SendAnswer>,
): Promise<Outcome> {
  const { provider, config, event, delivery } = message
  return judge(await send(await provider.render(event, config, delivery)))
}
