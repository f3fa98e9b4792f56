import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { newMember } from '../lib/audit.ts'
import { ask, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { addressOf, mailsTo, trailOf } from '../lib/mail.ts'
import { consume } from '../lib/outbox.ts'
import { matchOf, newScanner, report, type Scanner, URL_OF_LEAK } from '../lib/secret-scanner.ts'
import { settled } from '../lib/world.ts'

let scanner: Scanner
let ada: Person
beforeAll(async () => {
  scanner = await newScanner()
})
beforeEach(async () => {
  ada = await newPerson()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})

async function found(token: string, rest: object = {}) {
  expect((await report(scanner, [matchOf(token, rest)])).status).toBe(200)
  await settled()
}
const textOf = async (path = '') => (await ask('GET', path)).text

/** The mail to a person about a key, on its way. */
const mailTo = (person: Person, keyId: string) => ({
  workspaceId: ada.workspaceId,
  id: newId('outbox'),
  effect: { type: 'mail' as const, mail: { kind: 'api_key_leaked' as const, keyId, userId: person.userId } },
  attempt: 1,
})

describe('when a key was found in public', () => {
  test('its holder and the owner each get a mail that says which key, where, and that it is revoked', async () => {
    const grace = await newMember(ada, 'admin')
    const bystander = await newMember(ada, 'admin')
    const key = await newApiKey(grace)
    await found(key.token)
    const [[hers = '', ...more], [owners = '', ...others]] = [await mailsTo(grace), await mailsTo(ada)]
    expect([more, others, await mailsTo(bystander)]).toEqual([[], [], []])
    for (const path of [hers, owners]) {
      const text = await textOf(path)
      expect(text).toContain('The API key &quot;write&quot; was found in public and is revoked')
      expect(text).toContain(`(${key.id}) of the workspace &quot;Ada Lovelace&#39;s workspace&quot;`)
      expect(text).toContain(URL_OF_LEAK)
      expect(text).not.toContain(key.token.slice(7, 40))
    }
    expect(await textOf(hers)).toContain('because this key acted in your name')
    expect(await textOf(owners)).toContain('because you own this workspace')
    expect(await textOf(hers)).toContain(addressOf(grace))
    expect((await trailOf(ada)).map(({ event, status }) => [event, status])).toEqual([
      ['mail.api_key_leaked', 'delivered'],
      ['mail.api_key_leaked', 'delivered'],
    ])
  })

  test('an owner gets one mail about a key of their own, however often it is reported', async () => {
    const key = await newApiKey(ada)
    await found(key.token, { url: '' })
    await found(key.token)
    const [path, ...more] = await mailsTo(ada)
    expect([await textOf(path), more]).toEqual([
      expect.stringContaining('was found in public. Candor has revoked it'),
      [],
    ])
  })

  test('the one it was handed over to gets the mail, and not who made it', async () => {
    const grace = await newMember(ada, 'admin')
    const key = await newApiKey(grace)
    const form = { apiKeys: 'hand_over' }
    await ask('POST', `/settings/members/${grace.userId}/remove`, { as: ada, form })
    await found(key.token)
    expect([(await mailsTo(ada)).length, await mailsTo(grace)]).toEqual([1, []])
  })

  test('nobody gets a mail who has left, or about a key that was not found anywhere', async () => {
    const grace = await newMember(ada, 'admin')
    const [leaked, safe] = [await newApiKey(ada), await newApiKey(ada)]
    await found(leaked.token)
    await pastTheGates([
      statement('DELETE FROM membership WHERE workspace_id = ? AND user_id = ?', ada.workspaceId, grace.userId),
    ])
    expect(await consume([mailTo(grace, leaked.id), mailTo(ada, safe.id)])).toEqual(['done', 'done'])
    expect([await mailsTo(grace), (await mailsTo(ada)).length]).toEqual([[], 1])
  })
})
