import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertEvent } from '../../shared/domain/alert.ts'
import { ERROR_CLASSES, type SendAnswer, type SendRequest } from '../../shared/domain/check.ts'
import { newWebhookSecret } from '../../workers/app/crypto/signature.ts'
import { deliver, retryDelaySeconds } from '../../workers/app/notifications/deliver.ts'
import { PROVIDERS } from '../../workers/app/notifications/register.ts'

const HALF_A_DAY = 43_200
const provider = PROVIDERS.webhook
const config = { url: 'https://hooks.example/a', secret: newWebhookSecret() }
const event: AlertEvent = {
  type: 'test',
  at: new Date(0).toISOString(),
  workspace: { id: 'ws_00000000001', name: 'Acme' },
  monitor: null,
  incident: null,
  url: 'https://candor.example/integrations',
}
const ANSWER: SendAnswer = {
  status: 204,
  errorClass: 'none',
  message: '',
  bodyStart: '',
  latencyMs: 5,
  retryAfterSeconds: null,
}

/** What came of a message that was answered like this. */
function outcomeOf(answer: Partial<SendAnswer>, sent: SendRequest[] = []) {
  if (!provider) throw new Error('There is a webhook.')
  return deliver({ provider, config, event, delivery: { id: 'out_00000000001', at: 0 } }, async (request) => {
    sent.push(request)
    return { ...ANSWER, ...answer }
  })
}

describe('a message', () => {
  test('is sent once, as its provider says it', async () => {
    const sent: SendRequest[] = []
    await outcomeOf({}, sent)
    expect(sent).toMatchObject([{ url: config.url, method: 'POST' }])
  })

  test.each([200, 201, 202, 204, 299])('that is answered %d is delivered', async (status) => {
    expect(await outcomeOf({ status })).toEqual({
      delivered: true,
      message: `Delivered: the receiver answered ${status}.`,
    })
  })

  test.each([301, 302, 307, 400, 401, 403, 404, 405, 410, 413, 422, 451, 499])(
    'that is answered %d is given up: sending it again would not help',
    async (status) => {
      expect(await outcomeOf({ status, errorClass: 'http' })).toMatchObject({ delivered: false, permanent: true })
    },
  )

  test.each([408, 425, 429, 500, 502, 503, 504, 520, 599])('that is answered %d is tried again', async (status) => {
    expect(await outcomeOf({ status, errorClass: 'http' })).toEqual({
      delivered: false,
      permanent: false,
      message: `The receiver answered ${status}.`,
      retryAfterSeconds: null,
    })
  })

  test.each(ERROR_CLASSES.filter((name) => name !== 'none' && name !== 'address_refused'))(
    'that gets no answer (%s) is tried again',
    async (errorClass) => {
      const outcome = await outcomeOf({ status: 0, errorClass, message: 'No answer within 10 s.' })
      expect(outcome).toMatchObject({ delivered: false, permanent: false, message: 'No answer within 10 s.' })
    },
  )

  test('to an address that is not allowed is given up, and says so', async () => {
    const refused = { status: 0, errorClass: 'address_refused' as const, message: 'This address is not public.' }
    expect(await outcomeOf(refused)).toMatchObject({ delivered: false, permanent: true, message: refused.message })
  })

  test.each([
    [503, 120, 120],
    [429, 0, 0],
    [503, HALF_A_DAY, HALF_A_DAY],
    [503, HALF_A_DAY + 1, HALF_A_DAY],
    [429, 86_400, HALF_A_DAY],
  ])('answered %d with a wait of %d seconds waits %d', async (status, asked, waits) => {
    const outcome = await outcomeOf({ status, errorClass: 'http', retryAfterSeconds: asked })
    expect(outcome).toMatchObject({ permanent: false, retryAfterSeconds: waits })
  })

  test('is delivered, given up or tried again for every status that there is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 999 }), async (status) => {
        const outcome = await outcomeOf({ status, errorClass: 'http' })
        const again = status >= 500 || [408, 425, 429].includes(status)
        expect(outcome.delivered).toBe(status >= 200 && status < 300)
        if (!outcome.delivered) expect(outcome.permanent).toBe(!again)
      }),
    )
  })
})

describe('the wait before the next try', () => {
  const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const LAST = 8
  const least = (attempt: number) => retryDelaySeconds(attempt, 0)
  const most = (attempt: number) => retryDelaySeconds(attempt, 1 - Number.EPSILON)

  test('grows from seconds to hours, and is never more than the queue can wait', () => {
    for (let attempt = 1; attempt < LAST; attempt++) {
      expect(least(attempt + 1)).toBeGreaterThan(least(attempt))
      expect(most(attempt + 1)).toBeGreaterThan(most(attempt))
    }
    expect(most(1)).toBeLessThan(10)
    expect(most(LAST)).toBeLessThanOrEqual(HALF_A_DAY)
    const all = Array.from({ length: LAST }, (_, i) => least(i + 1)).reduce((sum, wait) => sum + wait, 0)
    expect(all).toBeGreaterThan(6 * 3600)
  })

  test('lies a quarter around its middle, a whole number of seconds, whatever the chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LAST }), anyRandom, (attempt, random) => {
        const wait = retryDelaySeconds(attempt, random)
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(least(attempt))
        expect(wait).toBeLessThanOrEqual(most(attempt))
        expect(most(attempt) / least(attempt)).toBeGreaterThan(1.4)
      }),
    )
  })

  test('has a first and a last value for attempts that nobody counted on', () => {
    expect(retryDelaySeconds(0, 0)).toBe(least(1))
    expect(retryDelaySeconds(99, 0)).toBe(least(LAST))
  })
})
