import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { get, setPlan, verdictOf } from '../lib/audit.ts'
import { ask, newPerson, type Person, signedIn } from '../lib/candor.ts'
import { parseCsv } from '../lib/csv.ts'
import { pastTheGates, statement } from '../lib/database.ts'
import { readLog } from '../lib/log.ts'
import { checkpointHead, checkReceipt, isContinued } from '../lib/second-verifier.ts'

const COUNT = 60

let ada: Person
let eve: Person
beforeAll(async () => {
  ada = await newPerson()
  for (let i = 0; i < COUNT; i++) await signedIn(ada.workspaceId, ada.userId)
  eve = await newPerson('Eve')
})

const pageOf = async (query = '', as = ada) => (await ask('GET', `/account/log${query}`, { as })).text
const seqsIn = (text: string) => [...text.matchAll(/data-label="#">(\d+)</g)].map(([, seq]) => Number(seq))
const exported = (as: Person, query = '') => get(as, `/account/log/export?format=ndjson${query}`)
const textOf = async (as: Person, path: string) => (await ask('GET', `/v1/account/audit/${path}`, { as })).text
const newest = async ({ userId }: Person) => (await readLog(userId)).length - 1

describe('the log of one’s own account', () => {
  test('is read page by page, newest first, every entry once', async () => {
    const seen: number[] = []
    let query = ''
    for (let pages = 0; pages < 5; pages++) {
      const text = await pageOf(query)
      seen.push(...seqsIn(text))
      const [, next] = /rel="next" href="([^"]*)"/.exec(text) ?? []
      if (next === undefined) break
      query = next.replace('/account/log', '').replaceAll('&amp;', '&')
    }
    const last = await newest(ada)
    expect(seen).toEqual(Array.from({ length: last + 1 }, (_, i) => last - i))
  })

  test('says what happened in plain words, and opens to the details', async () => {
    const text = await pageOf(`?to=${new Date().toISOString().slice(0, 10)}&action=account.create`)
    expect(text).toContain('Account made')
    expect(text).toContain('with GitHub')
    expect(text).toMatch(/<dt>issuer<\/dt>|<dt>identityId<\/dt>/)
    expect(text).toContain('<a href="/v1/account/audit/proof/0">')
  })

  test('is filtered by what, session and day; reading it is no entry', async () => {
    const before = await newest(ada)
    expect(seqsIn(await pageOf('?action=account.create'))).toEqual([0])
    const [, { leaf } = expect.unreachable()] = await readLog(ada.userId)
    expect(seqsIn(await pageOf(`?entity=${leaf.entity.id}`))).toEqual([1])
    expect(await pageOf('?from=2999-01-01')).toContain('No entry fits this filter.')
    expect((await ask('GET', '/account/log?surfac=api', { as: ada })).status).toBe(422)
    expect(await newest(ada)).toBe(before)
  })

  test('says up to where it was checked, with a checkpoint, its keys and how to verify it', async () => {
    expect(await pageOf()).toMatch(/Verified to #\d+/)
    const { text } = await ask('GET', '/account/log/verification', { as: ada })
    expect(text).toContain(`localhost:8787/audit/${ada.userId}`)
    expect(text).toContain('href="/account/log/export?format=ndjson"')
  })

  test('is on every plan', async () => {
    const free = await newPerson('Free')
    await setPlan(free, 'free')
    expect(seqsIn(await pageOf('', free))).toEqual([1, 0])
    expect((await exported(free)).status).toBe(200)
  })

  test('has receipts and proofs that a second verifier accepts', async () => {
    const { data } = JSON.parse(await textOf(ada, 'keys'))
    const entries = await readLog(ada.userId)
    for (const seq of [0, 1, 17, entries.length - 1]) {
      const receipt = await textOf(ada, `proof/${seq}`)
      const { index } = await checkReceipt(receipt, entries[seq]?.text ?? '', data[0].vkey)
      expect(index).toBe(seq)
    }
    const { proof } = JSON.parse(await textOf(ada, `consistency?from=17&to=${entries.length}`))
    const [older, newer] = await Promise.all(
      [17, entries.length].map(async (size) =>
        checkpointHead(await textOf(ada, `checkpoint?size=${size}`), data[0].vkey),
      ),
    )
    expect(older && newer && (await isContinued(older, newer, proof))).toBe(true)
  })
})

describe('a copy of it', () => {
  test('is verified offline, against a key and an older checkpoint, as that of a workspace is', async () => {
    const since = await textOf(ada, 'checkpoint?size=17')
    const keys = [JSON.parse(await textOf(ada, 'keys')).data[0].vkey]
    const { status, text, headers } = await exported(ada)
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toContain(`audit-${ada.userId}-`)
    expect(await verdictOf(text, { keys, since })).toBe('sound')
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ log: ada.userId, minimum: 0, filter: {} })
    const altered = text.replace('session.create', 'session.delete')
    expect(await verdictOf(altered, { keys, since })).toBe('altered at 1')
    expect(await verdictOf(text, { keys: [JSON.parse(await textOf(eve, 'keys')).data[0].vkey] })).toMatch(/^wrong/)
  })

  test('is an entry, and has it; with a filter it is what the filter leaves', async () => {
    const { text } = await exported(ada, '&action=account.create')
    expect(await verdictOf(text)).toBe('sound')
    expect(text.match(/"leaf":/g)).toHaveLength(1)
    expect((await readLog(ada.userId)).at(-1)?.leaf).toMatchObject({
      action: 'audit_log.export',
      entity: { id: ada.userId },
      after: { format: 'ndjson', filter: { action: 'account.create' } },
    })
    const csv = parseCsv((await get(ada, '/account/log/export?format=csv')).text)
    expect(csv.at(-1)).toContain('audit_log.export')
  })

  test('is not sound when the log was changed in the database', async () => {
    const mallory = await newPerson('Mallory')
    await pastTheGates([
      statement(
        `UPDATE audit_body SET leaf = replace(leaf, 'github', 'gitlab') WHERE log_id = ? AND seq = 1`,
        mallory.userId,
      ),
    ])
    expect(await verdictOf((await exported(mallory)).text)).toBe('altered at 1')
  })

  test.each(['', '?format=pdf', '?format=ndjson&surfac=api'])('is refused for %j, without an entry', async (query) => {
    const before = await newest(ada)
    expect((await get(ada, `/account/log/export${query}`)).status).toBe(422)
    expect(await newest(ada)).toBe(before)
  })
})

describe('nobody reads the log of somebody else', () => {
  const asked = ['id', 'userId', 'user', 'log', 'logId', 'actor', 'entity']

  test.each(['/account', '/account/log', '/account/log/verification', '/v1/account/audit/keys'])(
    'by whatever they ask of %s',
    async (path) => {
      const secret = [ada.userId, ...(await readLog(ada.userId)).slice(1).map(({ leaf }) => leaf.entity.id)]
      for (const name of asked) {
        const { text } = await get(eve, `${path}?${name}=${ada.userId}`)
        // What was typed into the filter is shown in it.
        const answer = text.replaceAll(/value="usr_\w+"|(?:actor|entity)=usr_\w+/g, '')
        expect(secret.filter((one) => answer.includes(one))).toEqual([])
      }
    },
  )

  test('nor by what they ask of a copy', async () => {
    for (const name of asked) {
      const { status, text } = await exported(eve, `&${name}=${ada.userId}`)
      if (status !== 200) continue
      const [header = {}, ...lines] = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(header.log).toBe(eve.userId)
      for (const { leaf } of lines) expect(leaf === undefined || JSON.parse(leaf).log === eve.userId).toBe(true)
    }
  })

  test('a session says whose log it is, whatever workspace its cookie names', async () => {
    const stray = await signedIn(ada.workspaceId, eve.userId)
    for (const path of ['/account', '/account/log', '/account/log/verification'])
      expect((await ask('GET', path, { as: stray })).status).toBe(303)
    const { text } = await exported(stray)
    expect(JSON.parse(text.split('\n')[0] ?? '').log).toBe(eve.userId)
  })

  test('nor without a session, or with one that has ended', async () => {
    const gone = await signedIn(ada.workspaceId, ada.userId, Date.now() - 8 * 86_400_000)
    const before = await newest(ada)
    for (const path of ['/account', '/account/log', '/account/log/verification', '/account/log/export?format=ndjson']) {
      expect((await ask('GET', path)).status).toBe(303)
      expect((await ask('GET', path, { as: gone })).status).toBe(303)
    }
    for (const path of ['keys', 'checkpoint', 'proof/0', 'consistency?from=0&to=1']) {
      expect((await ask('GET', `/v1/account/audit/${path}`)).status).toBe(401)
      expect((await ask('GET', `/v1/account/audit/${path}`, { as: gone })).status).toBe(401)
    }
    expect((await ask('GET', `/v1/account/audit/proof/${newId('user')}`, { as: ada })).status).toBe(422)
    expect(await newest(ada)).toBe(before)
  })
})
