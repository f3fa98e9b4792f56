import type { ExportEntry, ExportHeader, ExportLine } from '../../shared/contracts/audit-export.ts'
import { toBase64, toBase64url } from '../../shared/domain/base64.ts'
import { signCheckpoint } from '../../shared/domain/checkpoint.ts'
import { growSpan, growTree } from '../../shared/domain/compact-range.ts'
import { leafHash } from '../../shared/domain/merkle.ts'
import { formatVerifier, noteVerifier } from '../../shared/domain/note.ts'
import { lineHash } from '../../shared/domain/verify/lines.ts'

const encoder = new TextEncoder()
export const LOG = 'ws_00000000001'
export const ORIGIN = `candor.test/audit/${LOG}`

const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
if (!('privateKey' in pair)) throw new Error('An Ed25519 key is a pair.')
const { privateKey } = pair
const publicKey = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
export const vkeyOf = async (name = ORIGIN) => formatVerifier(await noteVerifier(name, publicKey))
export const checkpointOf = (size: number, root: Uint8Array, origin = ORIGIN) =>
  signCheckpoint({ origin, size, root }, privateKey, publicKey)

/** Five people take turns. */
export const userOf = (seq: number) => `usr_${seq % 5}`

/** An entry as the product writes one, as far as a verifier looks at it. */
export async function entryOf(
  seq: number,
  log = LOG,
  note = '',
  more: Record<string, unknown> = {},
): Promise<ExportEntry> {
  const salt = new Uint8Array(32).fill(seq % 256)
  const json = JSON.stringify({ name: `Person ${seq}` })
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...salt, ...encoder.encode(json)]))
  const leaf = JSON.stringify({
    v: 1,
    log,
    seq,
    user: userOf(seq),
    action: 'monitor.create',
    entity: { type: 'monitor', id: `mon_${seq}` },
    outcome: 'ok',
    note,
    person: toBase64url(new Uint8Array(hash)),
    ...more,
  })
  return { seq, hash: toBase64(await leafHash(encoder.encode(leaf))), leaf, person: { salt: toBase64(salt), json } }
}

/** An entry that says that the texts below a minimum were pruned. */
export const pruningOf = (seq: number, minimum: unknown, outcome = 'ok') =>
  entryOf(seq, LOG, '', { action: 'audit_log.prune', after: { minimum }, outcome })

/** An entry that says that somebody's personal fields were erased. */
export const erasureOf = (seq: number, user: string, outcome = 'ok') =>
  entryOf(seq, LOG, '', { action: 'person.erase', entity: { type: 'person', id: user }, outcome })

export interface SampleExport {
  header: ExportHeader
  lines: ExportLine[]
  /** The checkpoint of an older size. */
  checkpointAt(size: number): Promise<string>
}

/** A whole export: `keep` is its filter, if it has one; the first `pruned` entries are gone by retention. */
export async function exportOf(
  entries: ExportEntry[],
  keep: ((seq: number) => boolean) | null = null,
  pruned = 0,
): Promise<SampleExport> {
  const tree = growTree()
  const roots = new Map<number, Uint8Array>()
  const lines: ExportLine[] = []
  let gap: ReturnType<typeof growSpan> | null = null
  let from = 0
  const closeGap = () => {
    if (gap)
      lines.push({
        gap: [from, gap.to()],
        why: from < pruned ? 'pruned' : 'filter',
        hashes: gap.hashes().map(toBase64),
      })
    gap = null
  }
  for (const entry of entries) {
    const { seq } = entry
    const hash = await leafHash(encoder.encode(entry.leaf))
    if (seq === pruned) closeGap()
    if (seq < pruned || keep?.(seq) === false) {
      if (!gap) from = seq
      gap ??= growSpan(seq)
      await gap.append(hash)
    } else {
      closeGap()
      lines.push(entry)
    }
    await tree.append(0, hash)
    roots.set(seq + 1, await tree.root())
    if (!gap && (seq + 1) % 16 === 0) lines.push({ mark: seq + 1, range: tree.range().map(toBase64) })
  }
  closeGap()
  const size = entries.length
  const header: ExportHeader = {
    candor: 'audit-export',
    v: 1,
    origin: ORIGIN,
    log: LOG,
    size,
    minimum: pruned,
    filter: keep ? { action: 'monitor.create' } : {},
    keys: [await vkeyOf()],
    exportedAt: '2026-11-25T00:00:00.000Z',
  }
  const checkpoint = await checkpointOf(size, await tree.root())
  lines.push({ end: size, header: await lineHash(JSON.stringify(header)), checkpoint })
  return { header, lines, checkpointAt: (at) => checkpointOf(at, roots.get(at) ?? new Uint8Array(32)) }
}

/** The export under another header, as whole as one that was made so. */
export async function withHeader({ header, lines }: SampleExport, change: Partial<ExportHeader>) {
  const changed = { ...header, ...change }
  const end = lines.at(-1)
  const hash = await lineHash(JSON.stringify(changed))
  return { header: changed, lines: end && 'end' in end ? lines.with(-1, { ...end, header: hash }) : lines }
}

export const textOf = ({ header, lines }: Pick<SampleExport, 'header' | 'lines'>): string =>
  [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')

export async function* linesOf(text: string): AsyncIterable<string> {
  yield* text.replace(/\n$/, '').split('\n')
}
