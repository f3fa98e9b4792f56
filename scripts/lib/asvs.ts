import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AsvsFigures } from '../../shared/trust/document.ts'
import { ROOT } from './settings.ts'

export const ASVS_STATES = ['met', 'not met', 'not applicable', 'not assessed'] as const

/** One requirement of OWASP ASVS, by its number; what it asks for stands in the standard. */
export interface AsvsItem {
  id: string
  level: 1 | 2
  status: (typeof ASVS_STATES)[number]
  /** Tests, documents and sources that show it, as paths of the repository. */
  proof?: string[]
  /** Why, where there is nothing to show or more to say. */
  reason?: string
}

export interface Asvs {
  standard: string
  licence: string
  source: string
  assessed: string
  items: AsvsItem[]
}

export const readAsvs = (): Asvs => JSON.parse(readFileSync(join(ROOT, 'docs', 'asvs.json'), 'utf8'))

/** How many requirements stand how, a level each. */
export function asvsFigures(items: AsvsItem[] = readAsvs().items): AsvsFigures[] {
  return [1, 2].map((level) => {
    const count = (status: AsvsItem['status']) =>
      items.filter((item) => item.level === level && item.status === status).length
    return {
      level,
      met: count('met'),
      notMet: count('not met'),
      notApplicable: count('not applicable'),
      notAssessed: count('not assessed'),
    }
  })
}
