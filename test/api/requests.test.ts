import { beforeAll, describe, expect, test } from 'vitest'
import { type Answer, type Asked, ask, MONITOR, newApiKey, newPerson, type Person } from '../lib/candor.ts'
import { CHANGES, LISTS, pathTo, READS } from '../lib/routes.ts'
import { made } from '../lib/world.ts'

const LIMIT = 128 * 1024

let ada: Person
let key: string
let monitorId: string

beforeAll(async () => {
  ada = await newPerson()
  key = (await newApiKey(ada)).token
  monitorId = await made(ada, 'monitor.create', MONITOR)
})

const post = (body: unknown, asked: Asked = {}) => ask('POST', '/v1/monitors', { as: ada, body, ...asked })

/** A refusal as a problem (RFC 9457), and nothing was made. */
async function expectRefused(answer: Answer, status: number, code: string) {
  expect([answer.status, answer.body?.code]).toEqual([status, code])
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.body).toMatchObject({ status, type: `urn:candor:problem:${code}`, requestId: expect.any(String) })
  const { body } = await ask('GET', '/v1/monitors', { as: ada })
  expect(body.data.map(({ id }: { id: string }) => id)).toEqual([monitorId])
}

const fieldsOf = ({ body }: Answer) => body.errors.map(({ field }: { field: string }) => field)

describe('a body', () => {
  test.each(['{', '{"name":', "{'name':'x'}", 'name=x', '\u0000', '{"a":1}{"b":2}'])(
    'that is not JSON answers 400: %j',
    async (body) => {
      const answer = await post(body)
      await expectRefused(answer, 400, 'bad_request')
      expect(answer.body.detail).toBe('The body is not valid JSON.')
    },
  )

  test.each(['[]', '"text"', 'null', '1', 'true'])('that is JSON but no object answers 400: %s', async (body) => {
    const answer = await post(body)
    await expectRefused(answer, 400, 'bad_request')
    expect(answer.body.detail).toBe('The body has to be a JSON object.')
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/json',
  ])('of the content type %s answers 415', async (type) => {
    const answer = await post(JSON.stringify(MONITOR), { headers: { 'content-type': type } })
    await expectRefused(answer, 415, 'unsupported_media_type')
  })

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json ;charset=utf-8'])(
    'of the content type %s is read',
    async (type) => {
      const answer = await post('{}', { headers: { 'content-type': type } })
      await expectRefused(answer, 422, 'invalid')
    },
  )

  test('of more than 128 KB answers 413, counted in bytes, and one of 128 KB is read', async () => {
    const sized = (bytes: number) => `{"name":"${'x'.repeat(bytes - '{"name":""}'.length)}"}`
    await expectRefused(await post(sized(LIMIT + 1)), 413, 'too_large')
    await expectRefused(await post({ name: 'é'.repeat(LIMIT / 2) }), 413, 'too_large')
    await expectRefused(await post(sized(LIMIT)), 422, 'invalid')
  })

  test('of a form is held to the same size', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const form = (name: string) => ask('POST', '/settings', { as: ada, headers, body: `name=${name}` })
    expect((await form('é'.repeat(LIMIT / 2))).status).toBe(413)
    expect((await form('x'.repeat(LIMIT - 'name='.length))).status).toBe(422)
  })

  test('with a field that is not known answers 422 and names it, at any depth', async () => {
    const answers = await Promise.all([
      post({ ...MONITOR, colour: 'red', size: 1 }),
      post({ ...MONITOR, headers: [{ key: 'x-a', value: '1', note: 'x' }] }),
      post(`{"name":"x","kind":"http","url":"https://shop.example","__proto__":{"active":true}}`),
      post({ ...MONITOR, constructor: 'x' }),
      post({ ...MONITOR, workspaceId: ada.workspaceId }),
    ])
    for (const answer of answers) await expectRefused(answer, 422, 'invalid')
    expect(answers.map(fieldsOf)).toEqual([
      ['colour', 'size'],
      ['headers.0.note'],
      ['__proto__'],
      ['constructor'],
      ['workspaceId'],
    ])
    const config = { url: 'https://hooks.example', colour: 'red' }
    const hook = await ask('POST', '/v1/integrations', { as: ada, body: { kind: 'webhook', name: 'Hook', config } })
    expect([hook.status, fieldsOf(hook)]).toEqual([422, ['config.colour']])
  })

  test('with several fields that are wrong answers 422 and names each, with a word about it', async () => {
    const body = {
      name: ' ',
      kind: 'tcp',
      url: 'ftp://shop.example',
      intervalSeconds: 1,
      headers: [{ key: 'Host', value: 'a\nb' }],
    }
    const answer = await post(body)
    await expectRefused(answer, 422, 'invalid')
    expect(answer.body.errors).toEqual([
      { field: 'name', message: 'The name is missing.' },
      { field: 'kind', message: 'The kind is "http".' },
      { field: 'url', message: 'The URL starts with http:// or https://.' },
      { field: 'headers.0.key', message: 'This header is set by the connection itself.' },
      { field: 'headers.0.value', message: 'A header value is one line.' },
      { field: 'intervalSeconds', message: 'The interval is at least 30 seconds.' },
    ])
    expect(answer.body.detail).toBe(answer.body.errors[0].message)
  })

  test('cannot say that it is about another thing than the address does', async () => {
    const otherId = await made(ada, 'monitor.create', { ...MONITOR, name: 'Other' })
    await ask('PATCH', `/v1/monitors/${monitorId}`, { as: ada, body: { id: otherId, name: 'Changed' } })
    expect((await ask('GET', `/v1/monitors/${otherId}`, { as: ada })).body.name).toBe('Other')
    await ask('DELETE', `/v1/monitors/${otherId}`, { as: ada })
  })
})

describe.each(LISTS)('the list $path', ({ path }) => {
  const json = (value: unknown) => encodeURIComponent(btoa(JSON.stringify(value)))
  const wrong = [
    '',
    'x',
    '%00',
    '%F0%9F%8F%AC',
    'AAAA',
    json({}),
    json([]),
    json(null),
    json('1'),
    json(['a', 'b']),
    json([1.5, 'a']),
    json([1, 2]),
    json([null]),
    json([1e300]),
  ]

  test.each(wrong)('answers 400 to the cursor "%s", which is not one of ours', async (cursor) => {
    const answer = await ask('GET', `${path}?cursor=${cursor}`, { as: key })
    expect([answer.status, answer.body.code]).toEqual([400, 'bad_request'])
    expect(answer.body.detail).toBe('This cursor is not one of ours. Start again without it.')
  })

  test.each([
    ['limit', '0'],
    ['limit', '101'],
    ['limit', '-1'],
    ['limit', '1.5'],
    ['limit', 'many'],
    ['cursor', 'x'.repeat(201)],
    ['colour', 'red'],
    ['workspaceId', 'x'],
  ])('answers 422 to the query %s=%s and names it', async (name, value) => {
    const answer = await ask('GET', `${path}?${name}=${value}`, { as: key })
    expect([answer.status, answer.body.code, fieldsOf(answer)]).toEqual([422, 'invalid', [name]])
  })
})

const PATHS = Map.groupBy([...READS, ...CHANGES], ({ path }) => path)
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

test.each([...PATHS])(
  '%s answers 405 to any method that it does not have, with those that it has',
  async (path, has) => {
    const allowed = has.map(({ method }) => method)
    for (const method of METHODS.filter((other) => !allowed.includes(other))) {
      const answer = await ask(method, pathTo(path, monitorId), { as: key })
      expect([method, answer.status, answer.body.code]).toEqual([method, 405, 'method_not_allowed'])
      expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed.toSorted())
    }
  },
)

test('HEAD answers what GET would, without its body', async () => {
  const answer = await ask('HEAD', '/v1/workspace', { as: key })
  expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([200, '', 'application/json'])
})

test.each(['/v1', '/v1/', '/v1/nothing', '/v1/monitors/', '/v1//monitors', '/v1/monitors/a/b/c', '/v1/MONITORS'])(
  '%s, where there is nothing, answers 404 as a problem, whoever asks and how',
  async (path) => {
    for (const method of ['GET', 'POST', 'DELETE'])
      for (const as of [undefined, ada, key]) {
        const answer = await ask(method, path, as ? { as } : {})
        await expectRefused(answer, 404, 'not_found')
      }
  },
)

test('a request is named by us: the id that a client sends is not taken over', async () => {
  const headers = { 'x-request-id': 'req_AAAAAAAAAAA' }
  const answers = await Promise.all([1, 2].map(() => ask('GET', '/v1/monitors/x', { as: key, headers })))
  const ids = answers.map(({ body }) => body.requestId)
  expect(new Set([...ids, 'req_AAAAAAAAAAA']).size).toBe(3)
  expect(answers.map((answer) => answer.headers.get('x-request-id'))).toEqual(ids)
})
