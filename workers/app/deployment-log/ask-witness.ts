import { toBase64 } from '../../../shared/domain/base64.ts'
import { type Cosignature, readCosignature } from '../../../shared/domain/cosignature.ts'
import type { Witness } from '../crypto/witness.ts'

const TIMEOUT_MS = 15_000
/** Sixteen signatures of the largest kind there is fit into this. */
const MAX_ANSWER_BYTES = 128 * 1024

export interface AddCheckpoint {
  old: number
  /** RFC 6962, section 2.1.2. */
  proof: Uint8Array[]
  /** Text of the checkpoint, and the signed note. */
  text: string
  checkpoint: string
}

export type WitnessAnswer =
  | { type: 'cosigned'; cosignature: Cosignature }
  /** It has signed a head of this size last. */
  | { type: 'at'; size: number }
  /** `inconsistent`: it says that this log is no continuation of what it has signed. */
  | { type: 'failed'; why: string; inconsistent: boolean }

const failed = (why: string, inconsistent = false): WitnessAnswer => ({ type: 'failed', why, inconsistent })

/** The body as text; null when it is too long or is not UTF-8. Reads no more than the limit. */
async function textOf({ body }: Response): Promise<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  let length = 0
  for await (const part of body ?? []) {
    length += part.length
    if (length > MAX_ANSWER_BYTES) return null
    text += decoder.decode(part, { stream: true })
  }
  return text + decoder.decode()
}

async function readAnswer(response: Response, request: AddCheckpoint, witness: Witness): Promise<WitnessAnswer> {
  const { status } = response
  if (status !== 200 && status !== 409) {
    await response.body?.cancel()
    return failed(`it answered ${status}`, status === 422)
  }
  const text = await textOf(response)
  if (text === null) return failed('its answer is too long')
  if (status === 200) {
    const cosignature = await readCosignature(request.text, text, witness, Date.now())
    return cosignature ? { type: 'cosigned', cosignature } : failed('its answer holds no right cosignature of its key')
  }
  const isSize = response.headers.get('content-type')?.split(';')[0]?.trim() === 'text/x.tlog.size'
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(text) ?? []
  return isSize && size !== undefined ? { type: 'at', size: Number(size) } : failed('it answered 409 without a size')
}

/** `add-checkpoint` of c2sp.org/tlog-witness. Never throws: whatever the witness does is an answer. */
export async function askWitness(witness: Witness, request: AddCheckpoint): Promise<WitnessAnswer> {
  const lines = [`old ${request.old}`, ...request.proof.map(toBase64), '', request.checkpoint]
  try {
    const response = await fetch(`${witness.url}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: lines.join('\n'),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return await readAnswer(response, request, witness)
  } catch (error) {
    return failed(error instanceof Error ? error.name : typeof error)
  }
}
