import { z } from 'zod'
import { HASH_BYTES } from '../../../../shared/domain/merkle.ts'
import type { Subtree } from '../../../../shared/domain/merkle-proof.ts'
import { byLeaf, leavesOf, subtreeHash } from '../../../../shared/domain/stored-tree.ts'
import { AppError } from '../../../../shared/errors.ts'
import { treeRows } from '../log/rows.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'
import { leavesBetween } from './rows.ts'

const WIDTH = 256
/** `x001/x234/067` and `.p/<width>` of c2sp.org/tlog-tiles. */
const PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

const Place = z
  .string()
  .max(40)
  .transform((path, context) => {
    const [, digits = '', width = String(WIDTH)] = PATH.exec(path) ?? []
    const index = Number(digits.replaceAll(/[x/]/g, ''))
    if (digits !== '' && Number(width) <= WIDTH && Number.isSafeInteger(index * WIDTH))
      return { index, width: Number(width) }
    context.addIssue({ code: 'custom', message: 'This is not the place of a tile.' })
    return z.NEVER
  })

const TileRequest = z.strictObject({ level: z.coerce.number().int().min(0).max(5), place: Place })
const BundleRequest = z.strictObject({ place: Place })
type TileRequest = z.infer<typeof TileRequest>

const missing = () => new AppError('not_found', 'There is no such tile: the log is not that long.')

const subtreesOfTile = ({ level, place: { index, width } }: TileRequest): Subtree[] =>
  Array.from({ length: width }, (_, i) => ({ level: level * 8, index: index * WIDTH + i }))

/** A run of hashes of the tree (c2sp.org/tlog-tiles), so that log checkers made by others work unchanged. */
export const getTile = query({
  name: 'audit.tile',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/tile/:level{[0-9]+}/:place{.+}',
  format: 'bytes',
  input: TileRequest,
  load: (db, { workspaceId }, request) => ({
    rows: treeRows(db, workspaceId, subtreesOfTile(request).flatMap(leavesOf)),
  }),
  async answer(_context, request, { rows }) {
    const leaves = byLeaf(rows)
    const subtrees = subtreesOfTile(request)
    if (!subtrees.flatMap(leavesOf).every((seq) => leaves.has(seq))) throw missing()
    const tile = new Uint8Array(subtrees.length * HASH_BYTES)
    for (const [i, subtree] of subtrees.entries()) tile.set(await subtreeHash(subtree, leaves), i * HASH_BYTES)
    return tile
  },
})

/** The texts of a run of entries, each behind its length in two bytes. A Pro feature, as all reading of entries is. */
export const getEntryBundle = query({
  name: 'audit.entries',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/tile/entries/:place{.+}',
  format: 'bytes',
  noted: true,
  input: BundleRequest,
  load: (db, { workspaceId }, { place: { index, width } }) => ({
    leaves: leavesBetween(db, workspaceId, index * WIDTH, index * WIDTH + width),
  }),
  answer({ plan }, { place: { width } }, { leaves }) {
    requireBrowsing(plan)
    if (leaves.length < width) throw missing()
    const texts = leaves.map(({ leaf }) => new TextEncoder().encode(leaf))
    const bundle = new Uint8Array(texts.reduce((size, text) => size + 2 + text.length, 0))
    let at = 0
    for (const text of texts) {
      bundle.set([text.length >> 8, text.length & 255], at)
      bundle.set(text, at + 2)
      at += 2 + text.length
    }
    return bundle
  },
})
