import { env } from 'cloudflare:workers'
import { decodeHex, encodeBase64urlNoPadding } from '@oslojs/encoding'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { configOf } from '../../workers/app/bindings.ts'
import { issueSessionToken } from '../../workers/app/crypto/session-token.ts'
import { ask, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { SESSION_COOKIE, sessionRows } from './browser.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let person: Person
let start: number
beforeEach(async () => {
  start = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  person = await newPerson()
})
afterEach(() => {
  vi.useRealTimers()
})

const later = (ms: number) => vi.setSystemTime(start + ms)
const statusOf = async (cookie: string, path = '/v1/workspace') =>
  (await ask('GET', path, { headers: { cookie } })).status
const lastSeen = () =>
  env.DB.prepare('SELECT last_seen_at FROM session WHERE user_id = ?').bind(person.userId).first<number>('last_seen_at')

describe('signing out', () => {
  test('ends the session in the database, so that its cookie is good for nothing', async () => {
    expect(await statusOf(person.cookie)).toBe(200)
    const answer = await ask('POST', '/sign-out', { as: person })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
    expect(answer.headers.getSetCookie().join()).toMatch(/^__Host-candor=;.*max-age=0/i)
    expect((await sessionRows()).filter((row) => row.user_id === person.userId)).toEqual([])
    expect(await statusOf(person.cookie)).toBe(401)
  })

  test('leaves the sessions of the same person in other browsers', async () => {
    const other = await signedIn(person.workspaceId, person.userId, start)
    await ask('POST', '/sign-out', { as: person })
    expect(await statusOf(other.cookie)).toBe(200)
  })

  test('cannot be done from somebody else\u2019s page', async () => {
    const foreign: Record<string, string>[] = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]
    for (const headers of foreign) {
      const { status } = await ask('POST', '/sign-out', { as: person, headers })
      expect(status).toBe(403)
    }
    expect(await statusOf(person.cookie)).toBe(200)
  })

  test('is no trouble for somebody who is signed out already', async () => {
    await ask('POST', '/sign-out', { as: person })
    expect((await ask('POST', '/sign-out', { as: person })).status).toBe(303)
  })
})

describe('a session', () => {
  test('that is not used for seven days has ended', async () => {
    later(7 * DAY)
    expect(await statusOf(person.cookie)).toBe(200)
    const idle = await signedIn(person.workspaceId, person.userId, start)
    later(7 * DAY + 1)
    expect(await statusOf(idle.cookie)).toBe(401)
  })

  test('that is used goes on, and its use is noted once an hour at most', async () => {
    later(HOUR)
    await statusOf(person.cookie)
    expect(await lastSeen()).toBe(start)
    later(HOUR + 1)
    await statusOf(person.cookie)
    expect(await lastSeen()).toBe(start + HOUR + 1)
    for (let day = 5; day <= 25; day += 5) {
      later(day * DAY)
      expect(await statusOf(person.cookie, '/monitors')).toBe(200)
      expect(await lastSeen()).toBe(start + day * DAY)
    }
  })

  test('has ended after thirty days, however much it was used', async () => {
    for (let day = 5; day <= 30; day += 5) {
      later(day * DAY)
      expect(await statusOf(person.cookie)).toBe(200)
    }
    later(30 * DAY + 1)
    expect(await statusOf(person.cookie)).toBe(401)
  })

  test('that has ended changes nothing either', async () => {
    later(7 * DAY + 1)
    const { status } = await ask('PATCH', '/v1/workspace', { as: person, body: { name: 'Mine' } })
    expect(status).toBe(401)
    const name = await env.DB.prepare('SELECT name FROM workspace WHERE workspace_id = ?')
      .bind(person.workspaceId)
      .first('name')
    expect(name).not.toBe('Mine')
  })

  test('that has ended leads to the sign-in page and back to where the person was, without its cookie', async () => {
    later(30 * DAY + 1)
    const answer = await ask('GET', '/status-pages', { as: person })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?return=%2Fstatus-pages'])
    expect(answer.headers.getSetCookie().join()).toMatch(/^__Host-candor=;.*max-age=0/i)
  })

  test('opens no workspace that its person does not belong to', async () => {
    const other = await newPerson('Grace Hopper')
    const stray = await signedIn(other.workspaceId, person.userId, start)
    expect(await statusOf(stray.cookie)).toBe(401)
    expect(await statusOf(other.cookie)).toBe(200)
  })
})

describe('a stolen copy of the database', () => {
  const cookieOf = (token: string) => `${SESSION_COOKIE}=${token}`

  test('signs nobody in: it has hashes, and a cookie needs the secret and a key that is not in it', async () => {
    const [row] = (await sessionRows()).filter(({ user_id: userId }) => userId === person.userId)
    const hash = row?.hash ?? ''
    const { workspaceId } = person
    const bytes = encodeBase64urlNoPadding(decodeHex(hash))
    const forged = [
      hash,
      bytes,
      `v1.${workspaceId}.${hash}`,
      `v1.${workspaceId}.${bytes}`,
      `v1.${workspaceId}.${bytes}.`,
      `v1.${workspaceId}.${bytes}.${bytes.slice(0, 22)}`,
      `v1.${workspaceId}.${hash.slice(0, 43)}.${hash.slice(0, 22)}`,
    ]
    for (const token of forged) expect(await statusOf(cookieOf(token))).toBe(401)
    expect(await statusOf(person.cookie)).toBe(200)
  })

  test('and a key do not either: a well-made cookie without a row in the database is nobody\u2019s', async () => {
    const { token } = await issueSessionToken(configOf(env).signInKey, person.workspaceId)
    expect(await statusOf(cookieOf(token))).toBe(401)
  })

  test('a cookie that was changed in any place is refused', async () => {
    const token = person.cookie.slice(`${SESSION_COOKIE}=`.length)
    const other = await newPerson('Grace Hopper')
    const changed = [...token].map(
      (letter, i) => `${token.slice(0, i)}${letter === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`,
    )
    for (const one of [
      ...changed,
      token.slice(0, -1),
      `${token}A`,
      token.replace(person.workspaceId, other.workspaceId),
    ])
      expect(await statusOf(cookieOf(one))).toBe(401)
  })
})
