import { describe, expect, test } from 'vitest'
import { RATE_LIMITS } from '../../shared/domain/rate-limits.ts'
import { newId } from '../../shared/ids.ts'
import type { Env } from '../../workers/app/bindings.ts'
import { ask, MONITOR, newPerson, type Person } from '../lib/candor.ts'
import { expectProblem, expectTold, limitedBy, onlyLimiter, untilRefused } from '../lib/rate-limits.ts'
import { made } from '../lib/world.ts'

describe('invitations', () => {
  const invite = (as: Person, email: string, configured: Env) =>
    ask('POST', '/v1/invitations', { as, body: { email }, env: configured })

  test('of a workspace are refused when there are too many, those that are sent again among them', async () => {
    const bob = await newPerson('Bob')
    const invitation = await made(bob, 'invitation.create', { email: 'first@example.test' })
    const configured = limitedBy('invitations')
    const refusal = await untilRefused('invitations', () =>
      ask('POST', `/v1/invitations/${invitation}/resend`, { as: bob, env: configured }),
    )
    expectTold('invitations', refusal)
    expectProblem('invitations', refusal.answer)
    expect((await invite(bob, 'second@example.test', configured)).status).toBe(429)
    expect((await ask('GET', '/v1/invitations', { as: bob })).body.data).toHaveLength(1)
    expect((await invite(await newPerson('Carol'), 'third@example.test', configured)).status).toBe(201)
  })

  test('withdrawn and made again fill nobody’s mailbox, from whichever workspace and however it is spelt', async () => {
    const people = [await newPerson('Bob'), await newPerson('Carol')]
    const configured = limitedBy('invited')
    const spellings = ['victim@example.test', ' VICTIM@example.test ', 'Victim@EXAMPLE.test']
    const refusal = await untilRefused('invited', async (attempt) => {
      const by = people[attempt % 2] as Person
      const answer = await invite(by, spellings[attempt % 3] as string, configured)
      if (answer.status === 201) await ask('DELETE', `/v1/invitations/${answer.body.id}`, { as: by, env: configured })
      return answer
    })
    expectTold('invited', refusal)
    expectProblem('invited', refusal.answer)
    expect((await invite(await newPerson('Ada'), 'somebody.else@example.test', configured)).status).toBe(201)
  })

  test('that are refused on their page leave what was typed there', async () => {
    const bob = await newPerson('Bob')
    const send = () =>
      ask('POST', '/settings/invitations', {
        as: bob,
        form: { email: 'typed@example.test', role: 'viewer' },
        env: limitedBy('invited'),
      })
    const refusal = await untilRefused('invited', send)
    expectTold('invited', refusal)
    expect(refusal.answer.text).toContain(RATE_LIMITS.invited.says)
    expect(refusal.answer.text).toContain('value="typed@example.test"')
  })
})

test('checks and test messages that a workspace asks for are refused when there are too many', async () => {
  const bob = await newPerson('Bob')
  const monitor = await made(bob, 'monitor.create', MONITOR)
  const asked = { as: bob, env: limitedBy('sends') }
  const refusal = await untilRefused('sends', () => ask('POST', `/v1/monitors/${monitor}/check`, asked))
  expectTold('sends', refusal)
  expectProblem('sends', refusal.answer)
  const { env: broken, touches } = onlyLimiter('sends')
  const test = await ask('POST', `/v1/integrations/${newId('integration')}/test`, { as: bob, env: broken })
  expect([test.status, touches]).toEqual([429, []])
  expect((await ask('GET', '/v1/monitors', asked)).status).toBe(200)
})

test('exports of a log are refused when there are too many, on its page as well, and are no entries then', async () => {
  const bob = await newPerson('Bob')
  const asked = { as: bob, env: limitedBy('exports') }
  let taken = 0
  const refusal = await untilRefused('exports', async () => {
    const answer = await ask('GET', '/v1/audit-logs/export?format=csv', asked)
    if (answer.status === 200) taken++
    return answer
  })
  expectTold('exports', refusal)
  expectProblem('exports', refusal.answer)
  const { env: broken, touches } = onlyLimiter('exports')
  const page = await ask('GET', '/audit-logs/export?format=csv', { as: bob, env: broken })
  expect([page.status, touches]).toEqual([429, []])
  const { data } = (await ask('GET', '/v1/audit-logs?action=audit_log.export', { as: bob })).body
  expect(data).toHaveLength(taken)
})
