import { ExportHeader, ExportLine } from '../../contracts/audit-export.ts'
import { AppError } from '../../errors.ts'
import { toBase64 } from '../base64.ts'
import { type NoteVerifier, parseVerifier } from '../note.ts'

/** The input is no export, or not a whole one, so nothing can be said of a log. */
export const notAnExport = (why: string) => new AppError('bad_request', why)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** SHA-256 of a line, base64. */
export async function lineHash(line: string): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(line))))
}

export async function parseHeader(text = ''): Promise<ExportHeader & { hash: string }> {
  const parsed = ExportHeader.safeParse(parseJson(text))
  if (parsed.success) return { ...parsed.data, hash: await lineHash(text) }
  throw notAnExport('This is not a Candor audit export, version 1: its first line is not the header of one.')
}

export function parseLine(text: string, number: number): ExportLine {
  const parsed = ExportLine.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw notAnExport(`Line ${number} is not a line of a Candor audit export, version 1.`)
}

export async function parseVerifiers(keys: string[]): Promise<NoteVerifier[]> {
  const parsed = await Promise.all(keys.map(parseVerifier))
  const wrong = parsed.indexOf(null)
  if (wrong >= 0) throw notAnExport(`This is not a verifier key: ${keys[wrong]?.slice(0, 80)}`)
  return parsed.filter((key) => key !== null)
}
