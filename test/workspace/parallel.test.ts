import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { MONITOR, mutateAs, newPerson } from '../lib/candor.ts'

test('fifty parallel changes of one workspace are fifty entries without a gap', async () => {
  const person = await newPerson()
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, i) => mutateAs(person, 'monitor.create', { ...MONITOR, name: `Monitor ${i}` })),
  )
  expect(results.filter((result) => !result.ok)).toEqual([])
  const { results: rows } = await env.DB.prepare('SELECT seq FROM audit_log WHERE log_id = ? ORDER BY seq')
    .bind(person.workspaceId)
    .all<{ seq: number }>()
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 51 }, (_, i) => i))
  const monitors = await env.DB.prepare('SELECT count(*) AS n FROM monitor WHERE workspace_id = ?')
    .bind(person.workspaceId)
    .first<{ n: number }>()
  expect(monitors?.n).toBe(50)
})
