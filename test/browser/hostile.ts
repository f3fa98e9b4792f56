import type { Example } from './example.ts'

/** Runs, wherever it becomes markup. */
const HOSTILE = `</title></textarea></script>'"><img src=x onerror="window.ran=1"><script>window.ran=2</script>`

/** Names everything that has a name in the example as somebody would who means harm. */
export async function seedHostile({ ada, ids }: Example): Promise<void> {
  const named: [method: string, path: string, fields: object][] = [
    ...(ids.monitors ?? []).map((id): [string, string, object] => ['PATCH', `/v1/monitors/${id}`, { name: HOSTILE }]),
    ['POST', '/v1/monitors', { name: HOSTILE, kind: 'http', url: `https://acme.test/?${HOSTILE}`, active: false }],
    ...(ids.integrations ?? []).map((id): [string, string, object] => [
      'PATCH',
      `/v1/integrations/${id}`,
      { name: HOSTILE },
    ]),
    ['PATCH', `/v1/status-pages/${ids['status-pages']?.[0]}`, { title: HOSTILE }],
    ['PATCH', `/v1/api-keys/${ids['api-keys']?.[0]}`, { name: HOSTILE }],
    ['PATCH', '/v1/workspace', { name: HOSTILE }],
  ]
  for (const [method, path, fields] of named) {
    const { status, text } = await ada.ask(method, path, fields)
    if (status >= 300) throw new Error(`${path} was refused, ${status}: ${text}`)
  }
}
