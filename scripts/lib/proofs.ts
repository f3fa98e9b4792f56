import type { Claim, Proof } from '../../shared/trust/claim.ts'

/** A test as a run has left it. */
export interface Outcome {
  /** Path from the root, with slashes. */
  file: string
  /** Its whole name, with the descriptions around it. */
  test: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
}

const keyOf = ({ file, test }: Proof): string => `${file} > ${test}`

/** Proofs of claims that a whole run has not shown, each in one line. A name that two tests share has to pass in both. */
export function unproven(claims: Claim[], outcomes: Outcome[]): string[] {
  const states = new Map<string, Set<string>>()
  for (const { state, ...proof } of outcomes)
    states.set(keyOf(proof), (states.get(keyOf(proof)) ?? new Set()).add(state))
  return claims.flatMap(({ id, proofs }) =>
    proofs.flatMap((proof) => {
      const seen = [...(states.get(keyOf(proof)) ?? [])]
      if (seen.length === 1 && seen[0] === 'passed') return []
      return [`The claim "${id}" is not shown: ${keyOf(proof)} (${seen.join(', ') || 'did not run'})`]
    }),
  )
}

/** Where the bracket closes that opens here; what stands in quotes counts for nothing. */
function closeOf(source: string, open: number): number {
  let depth = 0
  let quote = ''
  for (let i = open; i < source.length; i++) {
    const sign = source[i] ?? ''
    if (quote !== '') {
      if (sign === '\\') i++
      else if (sign === quote) quote = ''
    } else if (`'"\``.includes(sign)) quote = sign
    else if (sign === '(') depth++
    else if (sign === ')' && --depth === 0) return i
  }
  return source.length
}

const TAKES_CASES = /\.(?:each|for|skipIf|runIf)$/

interface Block {
  kind: string
  modifiers: string
  title: string
}

/** The descriptions and tests that a source calls for. They are read, not run. */
function blocksOf(source: string): Block[] {
  return [...source.matchAll(/\b(describe|test)((?:\.\w+)*)\(/g)].flatMap((match) => {
    const [call, kind = '', modifiers = ''] = match
    const open = match.index + call.length - 1
    const start = TAKES_CASES.test(modifiers) ? closeOf(source, open) + 1 : open
    const [, plain, template] = /^\(\s*(?:'((?:[^'\\\n]|\\.)*)'|`([^`]*)`)/.exec(source.slice(start, start + 500)) ?? []
    const title = plain ?? template
    return title === undefined ? [] : [{ kind, modifiers, title }]
  })
}

/** A title in a source, as a pattern of the names that it may become: `%s` and `$x` stand for anything. */
function patternOf(title: string): RegExp {
  const spelled = title.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  const parts = spelled.replaceAll(/\\(.)/g, '$1').split(/\$\{[^}]*\}|\$[a-zA-Z.]+|%[sdifjo]/)
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.+')}$`, 's')
}

/** Why a source has no such test, or none that always runs; null when it has. */
export function whyNoProof({ test }: Proof, source: string): string | null {
  const blocks = blocksOf(source)
  const names = test.split(' > ')
  for (const [i, name] of names.entries()) {
    const kind = i === names.length - 1 ? 'test' : 'describe'
    const found = blocks.filter((block) => block.kind === kind && patternOf(block.title).test(name))
    if (found.length === 0) return `there is no ${kind} "${name}"`
    if (found.every(({ modifiers }) => /\.(?:skip|todo|skipIf|runIf|fails)\b/.test(modifiers)))
      return `the ${kind} "${name}" does not always run`
  }
  return null
}
