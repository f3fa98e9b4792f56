import { z } from 'zod'
import { byLeaf } from '../../../../shared/domain/stored-tree.ts'
import { leavesOfTile, MAX_TILE_LEVEL, parseTilePlace, storedTile, TILE_WIDTH } from '../../../../shared/domain/tile.ts'
import { AppError } from '../../../../shared/errors.ts'
import { leavesBetween } from '../entry/rows.ts'
import { treeRows, workspaceLog } from '../log/rows.ts'
import { query } from '../query.ts'
import { requireBrowsing } from './browse.ts'

const Place = z
  .string()
  .max(40)
  .transform((path, context) => {
    const place = parseTilePlace(path)
    if (place) return place
    context.addIssue({ code: 'custom', message: 'This is not the place of a tile.' })
    return z.NEVER
  })

export const TileRequest = z.strictObject({ level: z.coerce.number().int().min(0).max(MAX_TILE_LEVEL), place: Place })
const BundleRequest = z.strictObject({ place: Place })

export const noSuchTile = () => new AppError('not_found', 'There is no such tile: the log is not that long.')

/** A run of hashes of the tree (c2sp.org/tlog-tiles), so that log checkers made by others work unchanged. */
export const getTile = query({
  name: 'audit.tile',
  scope: 'read',
  role: 'viewer',
  route: 'GET /v1/audit/tile/:level{[0-9]+}/:place{.+}',
  format: 'bytes',
  input: TileRequest,
  load: (db, { workspaceId }, { level, place }) => ({
    rows: treeRows(db, workspaceId, leavesOfTile(level, place)),
  }),
  async answer(_context, { level, place }, { rows }) {
    const tile = await storedTile(level, place, byLeaf(rows))
    if (!tile) throw noSuchTile()
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
  noted: 'all',
  input: BundleRequest,
  load: (db, { workspaceId }, { place: { index, width } }) => ({
    leaves: leavesBetween(db, workspaceLog(workspaceId), index * TILE_WIDTH, index * TILE_WIDTH + width),
  }),
  answer({ plan }, { place: { width } }, { leaves }) {
    requireBrowsing(plan)
    if (leaves.length < width) throw noSuchTile()
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
