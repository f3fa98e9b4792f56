import { env } from 'cloudflare:workers'
import { beforeEach, expect, test } from 'vitest'
import { database } from '../../workers/app/db/client.ts'
import { compose } from '../../workers/app/services/mail/invitation.ts'
import { ask, newPerson, ORIGIN, type Person } from '../lib/candor.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { made } from '../lib/world.ts'
import { newAddress } from '../workspace/verbs.ts'

let owner: Person
let email: string
let id: string
beforeEach(async () => {
  owner = await newPerson()
  const name = 'Ada <b>\r\nBcc: eve@example.test'
  await pastTheGates([statement('UPDATE user SET name = ? WHERE id = ?', name, owner.userId)])
  email = newAddress()
  id = await made(owner, 'invitation.create', { email, role: 'viewer' })
})

const mail = (workspaceId = owner.workspaceId) =>
  compose(database(env.DB), workspaceId, { kind: 'invitation', invitationId: id }, { publicUrl: ORIGIN })

test('the mail of an invitation goes to the address, says who and where, and leads to the invitation', async () => {
  await made(owner, 'workspace.rename', { name: 'Engines & <i>Co</i>' })
  const { to, subject, text, html } = (await mail()) ?? expect.unreachable()
  expect(to).toBe(email)
  expect(subject).toBe('Ada <b> Bcc: eve@example.test invites you to "Engines & <i>Co</i>" on Candor')
  for (const part of [`${ORIGIN}/invitations/${id}`, email, 'viewer', ' UTC']) {
    expect(text).toContain(part)
    expect(html).toContain(part)
  }
  expect(html).not.toMatch(/<b>|<i>/)
})

test('there is no mail any more when the invitation was withdrawn, accepted, or has expired', async () => {
  const set = (what: string, ...values: (string | number)[]) =>
    pastTheGates([statement(`UPDATE invitation SET ${what} WHERE id = ?`, ...values, id)])
  await set('expires_at = ?', Date.now() - 1)
  expect(await mail()).toBeNull()
  await set('expires_at = ?, accepted_at = ?', Date.now() + 1000, 1)
  expect(await mail()).toBeNull()
  await set('accepted_at = NULL')
  expect(await mail()).not.toBeNull()
  await made(owner, 'invitation.withdraw', { id })
  expect(await mail()).toBeNull()
})

test('the invitation of another workspace is written to nobody', async () => {
  const other = await newPerson()
  expect(await mail(other.workspaceId)).toBeNull()
})

test('whoever invites sees the link, so that it can be handed over without mail', async () => {
  const { text } = await ask('GET', `/settings/invitations/${id}`, { as: owner })
  expect(text).toContain(`${ORIGIN}/invitations/${id}`)
  const list = await ask('GET', '/settings/members', { as: owner })
  expect(list.text).toContain(email)
})

test('an invitation is not sent again within a minute, so that nobody\u2019s mailbox is filled', async () => {
  const again = () => ask('POST', `/settings/invitations/${id}/resend`, { as: owner })
  expect((await again()).status).toBe(303)
  const { status, text } = await again()
  expect([status, text]).toEqual([422, expect.stringContaining('less than a minute ago')])
})
