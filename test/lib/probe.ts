import { env } from 'cloudflare:workers'
import type { CheckRequest, ErrorClass, Evidence, SendAnswer, SendRequest } from '../../shared/domain/check.ts'

/** What the probe of the tests (test/vitest.config.ts) answers until it is told otherwise. */
export interface ProbeSays {
  status?: number
  latencyMs?: number
  errorClass?: ErrorClass
  message?: string
  /** When its checks began, Unix milliseconds; the real time where nothing is said. */
  at?: number | null
  /** It answers nothing until this is changed. */
  hold?: boolean
  /** What the target is said to have answered. */
  evidence?: Partial<Evidence>
  /** It answers 500 to everything. */
  broken?: boolean
  /** Answers to `/send` that differ from those to `/check`. */
  send?: Partial<SendAnswer>
}

export const GOOD: ProbeSays = {
  status: 200,
  latencyMs: 12,
  errorClass: 'none',
  message: '',
  broken: false,
  hold: false,
  evidence: {},
}
export const DOWN: ProbeSays = {
  status: 0,
  latencyMs: 3,
  errorClass: 'connect',
  message: 'The connection was refused.',
}

const tell = async (path: string, body: unknown) => {
  const response = await env.PROBE_LOCAL.fetch(`https://probe${path}`, { method: 'POST', body: JSON.stringify(body) })
  return response.text()
}

/** A new beginning: what it answers from now on, and nothing seen yet. */
export const probeSays = (says: ProbeSays) => tell('/next', { ...GOOD, ...says })
/** Changes what it answers; what it has seen stays. */
export const probeChanges = (says: ProbeSays) => tell('/change', says)

export type Seen = { path: '/check'; body: CheckRequest } | { path: '/send'; body: SendRequest }

/** What was asked of it, in order. */
export const probeSaw = async (): Promise<Seen[]> => JSON.parse(await tell('/seen', {}))

/** An address that no other test sends to: what is still on its way when a test ends reaches the next one's probe. */
export const newReceiver = () => `https://hooks.example/${crypto.randomUUID()}`

/** Messages that were sent, as the receiver at this address would see them. */
export async function messagesSent(receiver: string) {
  const seen = await probeSaw()
  return seen.flatMap(({ path, body }) =>
    path === '/send' && body.url === receiver
      ? [
          {
            url: body.url,
            headers: Object.fromEntries(body.headers.map(({ key, value }) => [key, value])),
            text: body.body,
            body: JSON.parse(body.body),
          },
        ]
      : [],
  )
}
