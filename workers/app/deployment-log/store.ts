import { splitRange } from '../../../shared/domain/merkle.ts'
import type { StoredLeaf } from '../../../shared/domain/stored-tree.ts'
import type { WorkspaceId } from '../../../shared/ids.ts'
import type { Refusal } from './request.ts'

/** A leaf: the exact bytes of a workspace's signed checkpoint. */
export interface Leaf {
  seq: number
  workspaceId: WorkspaceId
  /** Entries of the workspace's log. */
  size: number
  note: string
  /** When it was taken, Unix milliseconds. */
  at: number
}

/** A head of this log that a witness has signed. */
export interface Cosigned {
  /** The key, as it is configured. */
  vkey: string
  by: string
  size: number
  line: string
  /** Unix milliseconds, as the witness says. */
  at: number
}

/** What is known of the witness that was asked last. */
export interface WitnessState {
  vkey: string
  /** The size of the head that it has signed last, as far as is known. */
  size: number
  failures: number
  /** Not before this moment, Unix milliseconds. */
  nextTry: number
}

// As in D1, the BEFORE INSERT trigger is what stops INSERT OR REPLACE. A leaf of the same workspace has to be larger.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS leaf (
  seq INTEGER PRIMARY KEY CHECK (seq >= 0),
  workspace_id TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  note TEXT NOT NULL,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  range BLOB NOT NULL CHECK (length(range) > 0 AND length(range) % 32 = 0),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS leaf_of_workspace ON leaf (workspace_id, size);
CREATE TABLE IF NOT EXISTS refusal (
  workspace_id TEXT PRIMARY KEY, size INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS leaf_is_the_head BEFORE INSERT ON leaf WHEN
  NEW.seq <> coalesce((SELECT max(seq) + 1 FROM leaf), 0)
  OR EXISTS (SELECT 1 FROM leaf WHERE workspace_id = NEW.workspace_id AND size >= NEW.size)
BEGIN SELECT RAISE(ABORT, 'deployment log: not the head'); END;
CREATE TRIGGER IF NOT EXISTS leaf_is_never_changed BEFORE UPDATE ON leaf
BEGIN SELECT RAISE(ABORT, 'deployment log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS leaf_is_never_deleted BEFORE DELETE ON leaf
BEGIN SELECT RAISE(ABORT, 'deployment log is append-only'); END;
`

type LeafRow = { seq: number; workspace_id: WorkspaceId; size: number; note: string; at: number }
type TreeRow = { seq: number; leaf_hash: ArrayBuffer; range: ArrayBuffer }

const leafOf = ({ workspace_id, ...row }: LeafRow): Leaf => ({ workspaceId: workspace_id, ...row })
const treeOf = ({ seq, leaf_hash, range }: TreeRow): StoredLeaf => ({
  seq,
  leafHash: new Uint8Array(leaf_hash),
  range: new Uint8Array(range),
})

function leafRows({ sql }: DurableObjectStorage) {
  const trees = (where: string, ...values: (string | number)[]) =>
    sql.exec<TreeRow>(`SELECT seq, leaf_hash, range FROM leaf WHERE ${where}`, ...values).toArray()
  const leaves = (where: string, ...values: (string | number)[]) =>
    sql.exec<LeafRow>(`SELECT seq, workspace_id, size, note, at FROM leaf WHERE ${where}`, ...values).toArray()

  return {
    /** Leaves of the log. */
    size: (): number => sql.exec<{ size: number }>('SELECT coalesce(max(seq) + 1, 0) AS size FROM leaf').one().size,

    /** The compact range of the log at a size that it has had. */
    rangeAt(size: number): Uint8Array[] {
      const [row] = trees('seq = ?', size - 1)
      return row ? splitRange(treeOf(row).range) : []
    },

    /** Rows of the tree by their leaves. */
    tree: (seqs: number[]): ReadonlyMap<number, StoredLeaf> =>
      new Map(
        trees('seq IN (SELECT value FROM json_each(?))', JSON.stringify(seqs)).map((row) => [row.seq, treeOf(row)]),
      ),

    /** The newest leaf of a workspace, or null. */
    newestOf(workspaceId: WorkspaceId): Leaf | null {
      const [row] = leaves('workspace_id = ? ORDER BY size DESC LIMIT 1', workspaceId)
      return row ? leafOf(row) : null
    },

    leaf(seq: number): Leaf | null {
      const [row] = leaves('seq = ?', seq)
      return row ? leafOf(row) : null
    },

    /** One statement, so that a crash leaves the whole leaf or none. Refused when it is not the head. */
    append({ seq, workspaceId, size, note, at }: Leaf, leafHash: Uint8Array, range: Uint8Array): void {
      sql.exec(
        'INSERT INTO leaf (seq, workspace_id, size, note, leaf_hash, range, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[seq, workspaceId, size, note, leafHash.slice().buffer, range.slice().buffer, at],
      )
    },
  }
}

function refusalRows({ sql }: DurableObjectStorage) {
  return {
    refusalOf(workspaceId: WorkspaceId): { size: number; reason: Refusal; at: number } | null {
      const query = 'SELECT size, reason, at FROM refusal WHERE workspace_id = ?'
      return sql.exec<{ size: number; reason: Refusal; at: number }>(query, workspaceId).toArray()[0] ?? null
    },
    refuse(workspaceId: WorkspaceId, size: number, reason: Refusal, at: number): void {
      sql.exec(
        'INSERT OR REPLACE INTO refusal (workspace_id, size, reason, at) VALUES (?, ?, ?, ?)',
        ...[workspaceId, size, reason, at],
      )
    },
    forgetRefusal: (workspaceId: WorkspaceId) => sql.exec('DELETE FROM refusal WHERE workspace_id = ?', workspaceId),
  }
}

/** The log in its object's own SQLite, and what is known of the witness. */
export function openStore(storage: DurableObjectStorage) {
  storage.sql.exec(SCHEMA)
  const { kv } = storage
  return {
    ...leafRows(storage),
    ...refusalRows(storage),

    /** The size of the head that is public. It never gets smaller. */
    published: (): number => kv.get<number>('published') ?? 0,
    publish(size: number): void {
      if (size > this.published()) kv.put('published', size)
    },

    cosigned: (): Cosigned | null => kv.get<Cosigned>('cosigned') ?? null,
    keepCosigned: (cosigned: Cosigned) => kv.put('cosigned', cosigned),

    /** Of a witness that was never asked, it is supposed that it knows nothing. */
    witnessState(vkey: string): WitnessState {
      const known = kv.get<WitnessState>('witness')
      return known?.vkey === vkey ? known : { vkey, size: 0, failures: 0, nextTry: 0 }
    },
    keepWitnessState: (state: WitnessState) => kv.put('witness', state),
  }
}

export type Store = ReturnType<typeof openStore>
