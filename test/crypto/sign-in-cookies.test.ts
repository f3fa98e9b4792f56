import { expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { random } from '../../workers/app/crypto/bytes.ts'
import { issueSessionToken, readSessionToken } from '../../workers/app/crypto/session-token.ts'
import { openTransaction, sealTransaction, TRANSACTION_MS } from '../../workers/app/crypto/transaction.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.='

/** Every text that differs from one in a single character. */
const neighbours = (text: string): string[] =>
  [...text].flatMap((own, at) =>
    [...ALPHABET].filter((other) => other !== own).map((other) => text.slice(0, at) + other + text.slice(at + 1)),
  )

const cutOrLonger = (text: string) => [
  '',
  text.slice(1),
  text.slice(0, -1),
  `${text}A`,
  `${text}=`,
  ` ${text}`,
  `${text}\n`,
]

test('a session cookie says whose workspace and session it is, and its secret is stored only as a hash', async () => {
  const key = random(32)
  const workspaceId = newId('workspace')
  const { token, hash } = await issueSessionToken(key, workspaceId)
  expect(await readSessionToken(key, token)).toEqual({ workspaceId, hash })
  expect(token).toMatch(/^v1\.ws_[0-9A-Za-z]{11}\.[\w-]{43}\.[\w-]{22}$/)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  const again = await issueSessionToken(key, workspaceId)
  expect(again.token).not.toBe(token)
  expect(again.hash).not.toBe(hash)
})

test('a session cookie with any character changed, added or missing is refused', async () => {
  const key = random(32)
  const { token } = await issueSessionToken(key, newId('workspace'))
  const wrong = [...neighbours(token), ...cutOrLonger(token)]
  const read = await Promise.all(wrong.map((value) => readSessionToken(key, value)))
  expect(read.filter((session) => session !== null)).toEqual([])
})

test('a session cookie of one installation is refused by another, and so is one with the parts of two', async () => {
  const key = random(32)
  const [ours, other] = await Promise.all([1, 2].map(() => issueSessionToken(key, newId('workspace'))))
  expect(await readSessionToken(random(32), ours?.token ?? '')).toBeNull()
  const parts = ours?.token.split('.') ?? []
  const others = other?.token.split('.') ?? []
  for (const at of [1, 2, 3]) {
    const mixed = parts.with(at, others[at] ?? '').join('.')
    expect(mixed).toMatch(/^v1\.ws_/)
    expect(await readSessionToken(key, mixed)).toBeNull()
  }
})

const NAME = '__Host-candor-sign-in-AbCdEfGh'

async function begun(createdAt = Date.now()) {
  const key = random(32)
  const transaction = { provider: 'github', state: newId('request'), createdAt }
  return { key, transaction, value: await sealTransaction(key, NAME, transaction) }
}

test('a sign-in that was begun is remembered, and its cookie shows nothing of it', async () => {
  const { key, transaction, value } = await begun()
  expect(await openTransaction(key, NAME, value, Date.now())).toEqual(transaction)
  expect(atob(value.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain(transaction.state)
})

test('a sign-in cookie with any character changed, added or missing is refused', async () => {
  const { key, value } = await begun()
  const wrong = [...neighbours(value), ...cutOrLonger(value).filter((text) => text !== `${value}=`)]
  const opened = await Promise.all(wrong.map((text) => openTransaction(key, NAME, text, Date.now())))
  expect(opened.filter((transaction) => transaction !== null)).toEqual([])
})

test('a sign-in cookie is good for ten minutes, and not before it was made', async () => {
  const at = Date.now()
  const { key, value, transaction } = await begun(at)
  expect(TRANSACTION_MS).toBe(600_000)
  for (const age of [0, 1, 599_999, 600_000])
    expect(await openTransaction(key, NAME, value, at + age)).toEqual(transaction)
  for (const age of [-1, 600_001, 86_400_000]) expect(await openTransaction(key, NAME, value, at + age)).toBeNull()
})

test('a sign-in cookie opens under its own name and key only, and without a time not at all', async () => {
  const { key, value } = await begun()
  for (const name of ['', NAME.toLowerCase(), `${NAME}x`, '__Host-candor'])
    expect(await openTransaction(key, name, value, Date.now())).toBeNull()
  expect(await openTransaction(random(32), NAME, value, Date.now())).toBeNull()
  const undated = await sealTransaction(key, NAME, { createdAt: Number.NaN })
  expect(await openTransaction(key, NAME, undated, Date.now())).toBeNull()
})

test('neither of the two cookies passes for the other, although one key is behind both', async () => {
  const key = random(32)
  const { token } = await issueSessionToken(key, newId('workspace'))
  const value = await sealTransaction(key, NAME, { createdAt: Date.now() })
  expect(await openTransaction(key, NAME, token, Date.now())).toBeNull()
  expect(await readSessionToken(key, value)).toBeNull()
})
