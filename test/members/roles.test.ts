import { expect, test } from 'vitest'
import text from '../../docs/roles.md?raw'
import { ACTION_WORDS } from '../../shared/domain/action-words.ts'
import { roleLines, rolesMarkdown } from '../../workers/app/services/roles.ts'

test('the table in docs/roles.md is what the register of changes says', () => {
  expect(text).toContain(`\n${rolesMarkdown()}\n`)
})

test('every change that people or keys may make has plain words', () => {
  expect(roleLines().filter(({ action }) => !ACTION_WORDS[action])).toEqual([])
  expect(roleLines().length).toBeGreaterThan(20)
})
