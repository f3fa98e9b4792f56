import { AppError } from '../../../shared/errors.ts'
import type { EpochSalt } from '../crypto/sealed.ts'
import { type Built, built } from '../db/prepared.ts'
import { callerStatement } from '../services/caller.ts'
import type { Context } from '../services/context.ts'
import { refusalOfKind, requireScope } from '../services/context.ts'
import { parseInput } from '../services/input.ts'
import { auditByIdempotencyKey, auditHead, personSalt } from '../services/log/rows.ts'
import { type Mutation, PEOPLE_AND_KEYS, type Statement } from '../services/mutation.ts'
import { mutationByAction } from '../services/mutations.ts'
import { workspaceKeys } from '../services/workspace/rows.ts'
import { commitError } from './commit.ts'
import type { Writer } from './mutate.ts'
import type { MutationRequest } from './request.ts'

/** A request with its verb and parsed input. Nobody is confirmed yet. */
export interface Prepared {
  request: MutationRequest
  verb: Mutation
  input: unknown
  /** Why it is not right, the input or the kind of credential: said to whoever is confirmed, and noted. */
  wrong: AppError | null
}

/** What can be refused without I/O, because it is not known who asks. Throws AppError. */
export function prepare(request: MutationRequest): Prepared {
  const verb = mutationByAction(request.action)
  if (!verb) throw new AppError('not_found', `There is no change called ${request.action}.`)
  requireScope(request.credential, verb.scope)
  const wrong = refusalOfKind(request.credential, verb.credentials ?? PEOPLE_AND_KEYS)
  // Of a person or a key it is told, and noted, when it is known whose it is.
  if (wrong && (verb.scope === 'read' || !PEOPLE_AND_KEYS.includes(request.credential.type))) throw wrong
  if (wrong) return { request, verb, input: request.input, wrong }
  try {
    return { request, verb, input: parseInput(verb, request.input), wrong: null }
  } catch (error) {
    if (error instanceof AppError) return { request, verb, input: request.input, wrong: error }
    throw error
  }
}

/** What `load` may know: only the workspace. Nobody is confirmed yet, so nothing else is said. */
const unconfirmed = (writer: Writer, { credential, surface }: MutationRequest): Context => ({
  workspaceId: credential.workspaceId,
  actor: { type: 'system', id: '' },
  userId: null,
  person: null,
  role: 'viewer',
  plan: 'free',
  workspaceName: '',
  endsAt: null,
  lastSeenAt: null,
  finding: null,
  now: writer.now(),
  surface,
  targets: writer.targets,
})

/** What one change asks of the database before it is decided. */
export interface Asked {
  caller: Statement
  names: string[]
  /** What its verb loads, by these names. */
  reads: Built<Statement>[]
  /** Asked for only when they are needed and not known. */
  salt: Statement[]
  retry: Statement[]
}

export function askedBy(writer: Writer, { request, verb, input, wrong }: Prepared): Asked {
  const { db } = writer
  const { credential, idempotencyKey } = request
  const load = wrong ? {} : verb.load(db, unconfirmed(writer, request), input)
  return {
    caller: callerStatement(db, credential) as Statement,
    names: Object.keys(load),
    reads: Object.values(load).map((statement) => built(statement)),
    salt: writer.memory.salt(credential) ? [] : [personSalt(db, credential.workspaceId, credential) as Statement],
    retry:
      idempotencyKey === null ? [] : [auditByIdempotencyKey(db, credential.workspaceId, idempotencyKey) as Statement],
  }
}

export interface Loaded {
  caller: unknown
  salt: Uint8Array | null
  /** The leaf of an entry under the same idempotency key. */
  retry: string | null
  rows: Record<string, unknown>
}

const namedRows = (names: string[], answers: unknown[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name, i) => [name, answers[i]]))

/** First round trip of a group: the head once; for each change its caller, its retry, and what its verb asks for. */
export async function loadGroup(writer: Writer, group: Prepared[], asked: Asked[]) {
  const { db, workspaceId, memory } = writer
  const known = memory.keys()
  const rest = [
    ...(known ? [] : [workspaceKeys(db, workspaceId)]),
    ...asked.flatMap(({ caller, reads, salt, retry }) => [
      caller,
      ...reads.map(({ statement }) => statement),
      ...salt,
      ...retry,
    ]),
  ]
  try {
    const [[head], ...answers] = (await db.batch([auditHead(db, workspaceId), ...(rest as Statement[])])) as [
      Awaited<ReturnType<typeof auditHead>>,
      ...unknown[],
    ]
    const keys = known ?? (answers.shift() as EpochSalt[])
    memory.keepKeys(keys)
    const loaded = asked.map(({ names, salt, retry }, i): Loaded => {
      const caller = answers.shift()
      const rows = namedRows(names, answers.splice(0, names.length))
      const [found] = salt.length > 0 ? (answers.shift() as { salt: Uint8Array }[]) : []
      const [made] = retry.length > 0 ? (answers.shift() as { leaf: string }[]) : []
      const credential = group[i]?.request.credential
      const remembered = credential ? memory.salt(credential) : null
      return { caller, salt: found?.salt ?? remembered, retry: made?.leaf ?? null, rows }
    })
    return { head, keys, loaded }
  } catch (error) {
    throw commitError(error)
  }
}
