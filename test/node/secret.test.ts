import { randomBytes } from 'node:crypto'
import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { secret } from '../../workers/app/crypto/secret.ts'

test('a secret that reaches a log line shows itself as [secret], however deep the log looks', () => {
  const value = randomBytes(24).toString('base64')
  const hidden = secret(value)
  const lines = [
    inspect(hidden),
    inspect({ config: { hidden } }, { depth: null, showHidden: true, getters: true }),
    format('%s %o %j', hidden, hidden, hidden),
  ]
  for (const line of lines) expect(line).not.toContain(value)
  expect(lines[0]).toBe('[secret]')
  expect(lines[1]).toBe('{ config: { hidden: [secret] } }')
})
