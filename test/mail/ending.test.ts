import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { database } from '../../workers/app/db/client.ts'
import { composeMail } from '../../workers/app/services/mail/register.ts'
import { newMember } from '../lib/audit.ts'
import { ask, emailOf, newPerson, ORIGIN, type Person, signedIn, workspaceOf } from '../lib/candor.ts'
import { deleteIt, ring } from '../lib/ending.ts'
import { mailsTo } from '../lib/mail.ts'
import { settled } from '../lib/world.ts'

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

const textOf = async (path = '') => (await ask('GET', path)).text

describe('whoever has to know is written to at the start', () => {
  test('of the end of a workspace its owner and its admins are, and nobody else', async () => {
    const [admin, member] = [await newMember(ada, 'admin'), await newMember(ada, 'member')]
    await deleteIt(ada)
    await settled()
    for (const person of [ada, admin]) {
      const mails = await mailsTo(person)
      expect(mails).toHaveLength(1)
      const text = await textOf(mails[0])
      expect(text).toContain('The workspace &quot;Ada Lovelace&#39;s workspace&quot; will be deleted on')
      expect(text).toContain('http://localhost:8787/settings')
    }
    expect(await mailsTo(member)).toEqual([])
  })

  test('of the end of an account its person is, with the way to keep it', async () => {
    const grace = await newMember(ada)
    await ask('POST', '/account/delete', { as: grace, form: { confirm: emailOf(grace.userId) } })
    await ring(workspaceOf(ada.workspaceId))
    await settled()
    const texts = await Promise.all((await mailsTo(grace)).map(textOf))
    const mine = texts.filter((text) => text.includes('Your account on Candor will be deleted on'))
    expect(mine).toHaveLength(1)
    expect(mine[0]).toContain('http://localhost:8787/account/ending')
  })

  test('and not any more when it was kept before the mail goes out', async () => {
    const [admin, member] = [await newMember(ada, 'admin'), await newMember(ada, 'member')]
    const place = { publicUrl: ORIGIN }
    const letter = ({ userId }: Person) =>
      composeMail(database(env.DB), ada.workspaceId, { kind: 'workspace_ending', userId }, place)
    const own = ({ userId }: Person) =>
      composeMail(database(env.DB), ada.workspaceId, { kind: 'account_ending', userId }, place)
    await deleteIt(ada)
    expect([(await letter(admin))?.to, await letter(member)]).toEqual([emailOf(admin.userId), null])
    await ask('POST', '/v1/workspace/keep', { as: ada })
    expect(await letter(admin)).toBeNull()
    await ask('POST', '/account/delete', { as: member, form: { confirm: emailOf(member.userId) } })
    expect((await own(member))?.to).toBe(emailOf(member.userId))
    const back = await signedIn(ada.workspaceId, member.userId)
    await ask('POST', '/account/keep', { as: back, form: {} })
    expect(await own(member)).toBeNull()
  })
})
