import { describe, expect, test } from 'vitest'
import { LogBadge, type LogStanding } from '../../workers/app/pages/components/audit-badge.tsx'
import { STANDING } from './fixtures.ts'
import { textOf } from './render.ts'

const words = (standing: Partial<LogStanding>) =>
  textOf(String(<LogBadge standing={{ ...STANDING, ...standing }} />)).trim()

describe('the badge of a log', () => {
  test('says from when on it was read, when that took longer than a look', () => {
    expect(words({})).toBe(
      'Verified to #48,213, 24 Nov 2026, 14:31:10 UTC; read from the first entry on since 24 Nov 2026, 07:32:10 UTC',
    )
    expect(words({ checkedSince: STANDING.checkedAt - 60_000 })).toBe('Verified to #48,213, 24 Nov 2026, 14:31:10 UTC')
  })

  test('says of a log that was never read, or cannot be asked, that it is not verified', () => {
    for (const standing of [{ checkedSize: 0, checkedAt: 0, checkedSince: 0 }, { known: false }])
      expect(words(standing)).toBe('Not verified yet')
  })
})
