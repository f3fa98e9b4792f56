import { z } from 'zod'

/*
 * An export of a log, version 1: NDJSON, made to be verified offline. The header, then the log from its first entry to
 * its last, and at the end the signed checkpoint of exactly this size, so that half a file is seen to be one. Entries
 * that the filter leaves out, or that retention has pruned, are gaps: the hashes of the perfect subtrees they fall into
 * (left to right), which is what a verifier needs to compute the root all the same.
 */

const Base64 = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)
const Seq = z.int().min(0)

export const ExportHeader = z.strictObject({
  candor: z.literal('audit-export'),
  v: z.literal(1),
  /** First line of the checkpoint. */
  origin: z.string(),
  log: z.string(),
  /** Entries of the log when the export began. */
  size: Seq,
  /** Entries below this one are pruned. */
  minimum: Seq,
  /** What was asked for; empty for the whole log. */
  filter: z.record(z.string(), z.string()),
  /** Keys that verify the checkpoint. A copy that you hold is worth more than this one. */
  keys: z.array(z.string()),
  exportedAt: z.string(),
  /**
   * Present when Candor itself found that the log does not match its own copy, so that this export is no entry of it: how
   * many entries that copy has, and what is wrong.
   */
  unlogged: z.strictObject({ known: Seq, finding: z.string() }).optional(),
})
export type ExportHeader = z.infer<typeof ExportHeader>

export const ExportEntry = z.strictObject({
  seq: Seq,
  /** Leaf hash as it is stored, base64. */
  hash: Base64,
  /** The exact text that was hashed. */
  leaf: z.string(),
  /** The personal fields, while they are kept. */
  person: z.strictObject({ salt: Base64, json: z.string() }).optional(),
})
export type ExportEntry = z.infer<typeof ExportEntry>

export const ExportGap = z.strictObject({
  /** [from, to) */
  gap: z.tuple([Seq, Seq]),
  /** `missing`: their texts are absent, and no entry of the log says that they were pruned. */
  why: z.enum(['filter', 'pruned', 'missing']),
  hashes: z.array(Base64),
})
export type ExportGap = z.infer<typeof ExportGap>

/** The compact range that is stored at this size, now and then, to say near which entry a log begins to differ. */
export const ExportMark = z.strictObject({ mark: Seq, range: z.array(Base64) })
export type ExportMark = z.infer<typeof ExportMark>

export const ExportEnd = z.strictObject({
  end: Seq,
  /** SHA-256 of the header's line, base64: what the checkpoint does not sign is at least whole. */
  header: Base64,
  checkpoint: z.string(),
})
export type ExportEnd = z.infer<typeof ExportEnd>

export const ExportLine = z.union([ExportEntry, ExportGap, ExportMark, ExportEnd])
export type ExportLine = z.infer<typeof ExportLine>
