import type { Mutation } from '../services/mutation.ts'
import { mutationByAction } from '../services/mutations.ts'
import type { MutationRequest } from './request.ts'

/** Changes in one D1 batch. Each takes eight statements or so. */
const MAX_GROUP = 25

/** What a change depends on or changes; null when that may be anything, so that it goes alone. */
function touchesOf({ action, input, idempotencyKey }: MutationRequest): string[] | null {
  const verb: Mutation | undefined = mutationByAction(action)
  if (!verb?.touches) return null
  const parsed = verb.input.safeParse(input)
  if (!parsed.success) return null
  return [...verb.touches(parsed.data), ...(idempotencyKey === null ? [] : [`key:${idempotencyKey}`])]
}

/** What a change depends on because of whoever makes it: a key that one before it has changed is asked for anew. */
const whoOf = ({ credential }: MutationRequest): string[] => (credential.type === 'api_key' ? [credential.keyId] : [])

/**
 * How many of the waiting changes may be committed together: those from the first on that touch nothing in common, so
 * that each is decided on what the one before it would have left as well.
 */
export function takeGroup(waiting: MutationRequest[]): number {
  if (waiting.length === 1) return 1
  const touched = new Set<string>()
  for (const [i, request] of waiting.slice(0, MAX_GROUP).entries()) {
    const touches = touchesOf(request)
    if (touches === null) return Math.max(i, 1)
    if ([...touches, ...whoOf(request)].some((name) => touched.has(name))) return i
    for (const name of touches) touched.add(name)
  }
  return Math.min(waiting.length, MAX_GROUP)
}
