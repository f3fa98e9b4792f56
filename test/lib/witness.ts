import { checkpointHead, isContinued, type SignedHead } from './second-verifier.ts'

/*
 * A witness by the text of c2sp.org/tlog-witness, with nothing of the product's: it takes the request apart, verifies
 * the log's signature and the proof, and cosigns as c2sp.org/tlog-cosignature says.
 */

const encoder = new TextEncoder()
const base64 = (bytes: Iterable<number>) => btoa(String.fromCharCode(...bytes))
const NAME = 'witness.test/w1'

export interface TestWitness {
  vkey: string
  /** Bodies of the requests, oldest first. */
  seen: string[]
  /** What it has cosigned last; null: nothing. */
  head(): SignedHead | null
  /** It forgets, or remembers something else. */
  remember(head: SignedHead | null): void
  answer(request: Request): Promise<Response>
  /** The cosignature line of a checkpoint's text, with whatever time, name or text is wanted instead. */
  cosign(text: string, changes?: { time?: number; name?: string; signed?: string }): Promise<string>
  /** The head of a checkpoint that carries this witness's line after the log's; throws when the line is not right. */
  verify(checkpoint: string, logVkey: string): Promise<{ head: SignedHead; time: number }>
}

const conflict = (size: number) =>
  new Response(`${size}\n`, { status: 409, headers: { 'content-type': 'text/x.tlog.size' } })

/** `logVkey`: the key of the log that it follows, or where to ask for it once it has to know. */
export async function newWitness(logVkey: string | (() => Promise<string>)): Promise<TestWitness> {
  const logKey = async () => (typeof logVkey === 'string' ? logVkey : logVkey())
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('An Ed25519 key is a pair.')
  const { privateKey, publicKey } = pair
  const key = new Uint8Array([4, ...new Uint8Array((await crypto.subtle.exportKey('raw', publicKey)) as ArrayBuffer)])
  const idOf = async (name: string) =>
    new Uint8Array(
      await crypto.subtle.digest('SHA-256', new Uint8Array([...encoder.encode(`${name}\n`), ...key])),
    ).slice(0, 4)
  const id = await idOf(NAME)
  let last: SignedHead | null = null
  const seen: string[] = []

  async function cosign(text: string, { time = Math.floor(Date.now() / 1000), name = NAME, signed = text } = {}) {
    const message = encoder.encode(`cosignature/v1\ntime ${time}\n${signed}`)
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message))
    const stamp = new Uint8Array(8)
    new DataView(stamp.buffer).setBigUint64(0, BigInt(time))
    return `\u2014 ${name} ${base64([...(await idOf(name)), ...stamp, ...signature])}\n`
  }

  async function answer(request: Request): Promise<Response> {
    const body = await request.text()
    seen.push(body)
    const end = body.indexOf('\n\n')
    const [first = '', ...proof] = body.slice(0, end).split('\n')
    const note = body.slice(end + 2)
    const [, digits] = /^old (0|[1-9]\d*)$/.exec(first) ?? []
    if (request.method !== 'POST' || end < 0 || digits === undefined || proof.length > 63)
      return new Response(null, { status: 400 })
    const head = await checkpointHead(note, await logKey()).catch(() => null)
    if (!head) return new Response(null, { status: 403 })
    const old = Number(digits)
    if (old > head.size) return new Response(null, { status: 400 })
    if (old !== (last?.size ?? 0)) return conflict(last?.size ?? 0)
    if (old === 0 ? proof.length > 0 : !last || !(await isContinued(last, head, proof)))
      return new Response(null, { status: 422 })
    last = head
    return new Response(await cosign(note.slice(0, note.indexOf('\n\n') + 1)))
  }

  async function verify(checkpoint: string, vkey: string) {
    const lines = checkpoint.split('\n')
    const line = lines.at(-2) ?? ''
    const head = await checkpointHead(`${lines.slice(0, -2).join('\n')}\n`, vkey)
    const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1)
    const bytes = Uint8Array.from(atob(line.split(' ')[2] ?? ''), (character) => character.charCodeAt(0))
    const time = Number(new DataView(bytes.buffer).getBigUint64(4))
    const message = encoder.encode(`cosignature/v1\ntime ${time}\n${text}`)
    const right =
      line.startsWith(`\u2014 ${NAME} `) &&
      id.every((byte, i) => bytes[i] === byte) &&
      (await crypto.subtle.verify('Ed25519', publicKey, bytes.slice(12), message))
    if (!right) throw new Error('This is no cosignature of the witness.')
    return { head, time }
  }

  const hexId = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return {
    vkey: `${NAME}+${hexId}+${base64(key)}`,
    seen,
    head: () => last,
    remember: (head) => (last = head),
    answer,
    cosign,
    verify,
  }
}
