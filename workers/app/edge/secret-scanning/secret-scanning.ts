import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { SecretMatches } from '../../../../shared/contracts/secret-scanning.ts'
import { AppError } from '../../../../shared/errors.ts'
import { configOf } from '../../bindings.ts'
import { isSignedBy } from '../../crypto/scanner-keys.ts'
import { parseInput } from '../../services/input.ts'
import type { Edge } from '../context.ts'
import { countAddress } from '../rate-limit/count.ts'
import { judge } from './judge.ts'
import { revokeFound } from './revoke.ts'

type C = Context<Edge>

const MAX_BODY_BYTES = 256 * 1024

/** In DER and base64: 72 bytes at most. */
const SIGNATURE = /^[A-Za-z0-9+/]{8,96}={0,2}$/

/** Whoever signs reports wrongly is counted like whoever comes with wrong credentials. Throws `forbidden` or `rate_limited`. */
async function refuseUnsigned(c: C): Promise<never> {
  await countAddress(c, 'refused')
  throw new AppError(
    'forbidden',
    'This report is not signed by a key that is configured here, so nothing of it was read.',
  )
}

/** The key that a report says it is signed with. Throws for one that is not configured, before the body is read. */
async function keyOf(c: C): Promise<Uint8Array<ArrayBuffer>> {
  const { scannerKeys } = configOf(c.env)
  if (!scannerKeys) throw new AppError('not_found', 'There is nothing at this address.')
  const key = scannerKeys.get(c.req.header('github-public-key-identifier') ?? '')
  if (key) return key
  // The scanner may have a new one: then somebody has to put it into the configuration.
  console.error(JSON.stringify({ event: 'secret_scanning.unknown_key', requestId: c.get('requestId') }))
  return refuseUnsigned(c)
}

function matchesOf(bytes: Uint8Array) {
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new AppError('bad_request', 'The body is not valid JSON.')
  }
  return parseInput({ input: SecretMatches }, body)
}

async function report(c: C): Promise<Response> {
  const signature = c.req.header('github-public-key-signature') ?? ''
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (!SIGNATURE.test(signature) || !(await isSignedBy(await keyOf(c), signature, bytes))) return refuseUnsigned(c)
  const { verdicts, keys } = await judge(configOf(c.env).apiKeyRing, matchesOf(bytes))
  await revokeFound(c, keys)
  return c.json(verdicts)
}

/**
 * What a secret scanner reports, by GitHub's partner protocol: keys of ours that stand somewhere in public. The signature
 * is over the body as it came, and is looked at before anything in it.
 */
export function secretScanning() {
  const app = new Hono<Edge>()
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new AppError('too_large', `A report has at most ${MAX_BODY_BYTES / 1024} KB.`)
    },
  })
  const signedByOne = async (c: C, next: () => Promise<void>) => {
    await keyOf(c)
    await next()
  }
  app.post('/secret-scanning', signedByOne, limit, report)
  return app
}
