import type { EpochSalt } from '../crypto/sealed.ts'
import type { Condition } from '../db/prepared.ts'
import { callerStill } from '../services/caller.ts'
import { type Head, sameHead } from './head.ts'
import type { Decided } from './known.ts'
import { type Asked, askedBy, type Loaded, loadGroup, type Prepared } from './load.ts'
import type { Writer } from './mutate.ts'

/** What a group is decided on. */
export interface Basis {
  head: Head
  keys: EpochSalt[]
  loaded: Loaded[]
  /** What the one change of the group is decided on, when that may be known. */
  decided: Decided | null
  /** What has to hold in the batch, when some of it was read before this group came. */
  holds: Condition | undefined
}

/** What changes before it have left to decide it on; null when that is not known. */
export function knownBasis({ head, memory, known }: Writer, { request }: Prepared, decided: Decided): Basis | null {
  const [own, keys, salt] = [head.own(), memory.keys(), memory.salt(request.credential)]
  const one = head.isUnsettled() ? null : known.basisOf(decided, own.size)
  if (!one || !keys || !salt) return null
  const holds = callerStill(request.credential, one.caller, { seq: own.size - 1, range: own.range })
  const loaded = [{ caller: one.caller, salt, retry: null, rows: one.rows }]
  return holds ? { head: own, keys, loaded, decided, holds } : null
}

/** The first round trip: what a group is decided on, and D1's end of the log settled. */
export async function loadBasis(
  writer: Writer,
  group: Prepared[],
  asked: Asked[],
  decided: Decided | null,
): Promise<Basis> {
  const [own, remembered] = [writer.head.own(), writer.memory.keys() !== null]
  const { head: found, ...rest } = await loadGroup(writer, group, asked)
  const head = await writer.head.settle(found)
  if (sameHead(own, head) || !remembered) return { ...rest, head, decided, holds: undefined }
  // Another instance of this object has written: what this one remembers may be over, and some was asked for by it.
  writer.memory.forget()
  writer.known.forget()
  const again = group.map((prepared) => askedBy(writer, prepared))
  return loadBasis(writer, group, again, decided)
}
