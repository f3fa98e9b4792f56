import { HASH_BYTES } from './merkle.ts'
import type { Subtree } from './merkle-proof.ts'
import { leavesOf, type StoredLeaf, subtreeHash } from './stored-tree.ts'

/** Hashes of a whole tile (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256
/** Six levels of 256 are more leaves than there are sizes. */
export const MAX_TILE_LEVEL = 5

/** Which tile of a level, and how many of its hashes. */
export interface TilePlace {
  index: number
  width: number
}

/** `x001/x234/067` and `.p/<width>` of c2sp.org/tlog-tiles; the whole width where none is said. */
const PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The place that a path names; null for what is none. */
export function parseTilePlace(path: string): TilePlace | null {
  const [, digits = '', width = String(TILE_WIDTH)] = PATH.exec(path) ?? []
  const index = Number(digits.replaceAll(/[x/]/g, ''))
  const isPlace = digits !== '' && Number(width) <= TILE_WIDTH && Number.isSafeInteger(index * TILE_WIDTH)
  return isPlace ? { index, width: Number(width) } : null
}

const subtreesOfTile = (level: number, { index, width }: TilePlace): Subtree[] =>
  Array.from({ length: width }, (_, i) => ({ level: level * 8, index: index * TILE_WIDTH + i }))

/** The leaves whose rows a tile is made of. */
export const leavesOfTile = (level: number, place: TilePlace): number[] =>
  subtreesOfTile(level, place).flatMap(leavesOf)

/** The hashes of a tile, one after the other; null when the tree does not reach that far. */
export async function storedTile(
  level: number,
  place: TilePlace,
  rows: ReadonlyMap<number, StoredLeaf>,
): Promise<Uint8Array | null> {
  if (!leavesOfTile(level, place).every((seq) => rows.has(seq))) return null
  const tile = new Uint8Array(place.width * HASH_BYTES)
  for (const [i, subtree] of subtreesOfTile(level, place).entries())
    tile.set(await subtreeHash(subtree, rows), i * HASH_BYTES)
  return tile
}
