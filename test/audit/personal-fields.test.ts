import { beforeEach, describe, expect, test } from 'vitest'
import { emailOf, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { askAt, PUBLIC } from '../lib/deployment.ts'
import { soundLog } from '../lib/log.ts'
import { made } from '../lib/world.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const TERRAFORM = 'Terraform/1.9'
const HOME = '203.0.113.7'
const OFFICE = '2001:db8::7'

let ada: Person
beforeEach(async () => {
  ada = await newPerson()
})

/** A change over the API of a deployment, where the platform says which address a request came from. */
async function byApi(token: string, ip: string, userAgent: string): Promise<void> {
  const { status } = await askAt(`${PUBLIC}/v1/monitors`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'cf-connecting-ip': ip,
      'user-agent': userAgent,
    },
    body: JSON.stringify(MONITOR),
  })
  expect(status).toBe(201)
}

/** A form of the dashboard of that deployment. */
const byForm = (path: string, ip: string, userAgent: string, form: Record<string, string>) =>
  askAt(PUBLIC + path, {
    method: 'POST',
    headers: { cookie: ada.cookie, origin: PUBLIC, 'cf-connecting-ip': ip, 'user-agent': userAgent },
    body: new URLSearchParams(form),
  })
const rename = (ip: string, userAgent: string) =>
  byForm('/settings', ip, userAgent, { name: `Engines ${crypto.randomUUID()}` })

/** What the last entries say of who made them, oldest first, after their commitments were made anew. */
const lastFields = async (count: number) =>
  (await soundLog(ada.workspaceId)).slice(-count).map(({ person }) => JSON.parse(person?.json ?? 'null'))
const fieldsRows = async () => (await rowsOf('audit_person')).filter((row) => row.log_id === ada.workspaceId).length
const known = () => ({ name: 'Ada Lovelace', email: emailOf(ada.userId) })

describe('the personal fields of an entry', () => {
  test('have the address and the user agent of a change over the API', async () => {
    const { token } = await newApiKey(ada)
    await byApi(token, HOME, TERRAFORM)
    expect(await lastFields(1)).toEqual([{ ...known(), ip: HOME, userAgent: TERRAFORM }])
  })

  test('have those of a form of the dashboard', async () => {
    expect((await rename(OFFICE, FIREFOX)).status).toBe(303)
    expect(await lastFields(1)).toEqual([{ ...known(), ip: OFFICE, userAgent: FIREFOX }])
  })

  test('have those of a change that was refused', async () => {
    const refused = await byForm(`/settings/members/${ada.userId}`, HOME, FIREFOX, { role: 'viewer' })
    expect(refused.status).toBe(422)
    const { leaf } = (await soundLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect([leaf.action, leaf.outcome]).toEqual(['member.change_role', 'conflict'])
    expect(await lastFields(1)).toEqual([{ ...known(), ip: HOME, userAgent: FIREFOX }])
  })

  test('are another row as soon as the user agent or the address is another, and the same row while they are the same', async () => {
    const before = await fieldsRows()
    await rename(HOME, FIREFOX)
    await rename(HOME, FIREFOX)
    expect(await fieldsRows()).toBe(before + 1)
    await rename(HOME, TERRAFORM)
    expect(await fieldsRows()).toBe(before + 2)
    await rename(OFFICE, TERRAFORM)
    await rename(HOME, FIREFOX)
    expect(await fieldsRows()).toBe(before + 3)
    const commitments = (await soundLog(ada.workspaceId)).slice(-5).map(({ leaf }) => leaf.person)
    expect(new Set(commitments).size).toBe(3)
    expect([commitments[1], commitments[4]]).toEqual([commitments[0], commitments[0]])
    expect(await lastFields(5)).toMatchObject([
      { ip: HOME, userAgent: FIREFOX },
      { ip: HOME, userAgent: FIREFOX },
      { ip: HOME, userAgent: TERRAFORM },
      { ip: OFFICE, userAgent: TERRAFORM },
      { ip: HOME, userAgent: FIREFOX },
    ])
  })

  test('are no part of the text of the entry, which is kept for ever', async () => {
    await rename(HOME, FIREFOX)
    const { text } = (await soundLog(ada.workspaceId)).at(-1) ?? expect.unreachable()
    expect([HOME, FIREFOX].filter((word) => text.includes(word))).toEqual([])
  })

  test('have no more than 256 characters of a user agent, and neither field where there is none', async () => {
    await rename(HOME, 'x'.repeat(300))
    expect(await lastFields(1)).toEqual([{ ...known(), ip: HOME, userAgent: 'x'.repeat(256) }])
    await made(ada, 'workspace.rename', { name: 'Silent' })
    expect(await lastFields(1)).toEqual([known()])
  })
})
