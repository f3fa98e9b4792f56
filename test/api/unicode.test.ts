import { beforeAll, describe, expect, test } from 'vitest'
import { bodyOf } from '../../workers/app/edge/api/body.ts'
import { ask, MONITOR, newApiKey, newPerson } from '../lib/candor.ts'
import { rowsOf } from '../lib/database.ts'
import { CHANGES, pathTo } from '../lib/routes.ts'

let token: string
beforeAll(async () => {
  token = (await newApiKey(await newPerson())).token
})

describe.each(CHANGES.filter(({ operation }) => !operation.credentials))('$route refuses', ({ method, path }) => {
  test('text that is half a character, in a value, in a name, and inside of something', async () => {
    const before = await rowsOf('audit_log')
    for (const body of ['{"name":"\\ud800"}', '{"\\udfff":1}', '{"config":{"url":["https://a.example/\\ud83d"]}}']) {
      const { status, body: problem } = await ask(method, pathTo(path, 'mon_00000000001'), { as: token, body })
      expect([status, problem.detail]).toEqual([400, expect.stringContaining('not Unicode')])
    }
    expect(await rowsOf('audit_log')).toEqual(before)
  })
})

test('bytes that are not UTF-8 are refused, and whole characters of every kind are taken', async () => {
  const bytes = new Uint8Array([
    ...new TextEncoder().encode('{"name":"'),
    0xff,
    0xfe,
    ...new TextEncoder().encode('"}'),
  ])
  const headers = { 'content-type': 'application/json' }
  const request = new Request('https://candor.test/', { method: 'POST', body: bytes, headers })
  await expect(bodyOf(request)).rejects.toThrow('not Unicode')
  const name = 'Shop \u{1f6d2} \u00e9'
  const made = await ask('POST', '/v1/monitors', { as: token, body: { ...MONITOR, name } })
  expect([made.status, made.body.name]).toEqual([201, name])
  expect((await ask('GET', `/v1/monitors/${made.body.id}`, { as: token })).body.name).toBe(name)
})
