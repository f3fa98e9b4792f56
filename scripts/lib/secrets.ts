import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail, StartError } from './fail.ts'

const Key = z.string().refine((text) => Buffer.from(text, 'base64').length === 32)

const Secrets = z.strictObject({
  version: z.literal(1),
  CANDOR_KEYRING: z
    .array(z.strictObject({ kid: z.string().regex(/^[0-9a-f]{8}$/), key: Key, state: z.enum(['active', 'decrypt']) }))
    .min(1),
  API_KEY_RING: z
    .array(z.strictObject({ id: z.int().min(1).max(63), key: Key, state: z.enum(['active', 'verify']) }))
    .min(1),
  AUDIT_KEYRING: z
    .array(
      z.union([
        z.strictObject({ key: Key, state: z.literal('active') }),
        z.strictObject({ publicKey: Key, state: z.literal('retired') }),
      ]),
    )
    .min(1),
  SIGN_IN_KEY: Key,
  OPERATOR_KEY: Key,
  identityProvider: z.strictObject({
    clientSecret: z.string().min(32),
    cookieKey: z.string().min(32),
    signingKey: z.looseObject({ kty: z.literal('RSA'), alg: z.literal('RS256'), kid: z.string(), d: z.string() }),
  }),
})
export type Secrets = z.infer<typeof Secrets>

/** A file from before there was an operator's key gets one: nothing was sealed with it. */
const Stored = Secrets.extend({ OPERATOR_KEY: Key.optional() })

const key = () => randomBytes(32).toString('base64')

/** RS256, as Google signs: what a client accepts when nothing else was agreed on. */
export function newSigningKey(): Secrets['identityProvider']['signingKey'] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { d = '', ...jwk } = privateKey.export({ format: 'jwk' })
  return { ...jwk, d, kty: 'RSA', alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }
}

function newSecrets(): Secrets {
  return {
    version: 1,
    CANDOR_KEYRING: [{ kid: randomBytes(4).toString('hex'), key: key(), state: 'active' }],
    API_KEY_RING: [{ id: 1, key: key(), state: 'active' }],
    AUDIT_KEYRING: [{ key: key(), state: 'active' }],
    SIGN_IN_KEY: key(),
    OPERATOR_KEY: key(),
    identityProvider: {
      clientSecret: key(),
      cookieKey: key(),
      signingKey: newSigningKey(),
    },
  }
}

/** All or nothing: a kill in between leaves no file, and never half of one. */
function writeOnce(stateDir: string, name: string, text: string): void {
  for (const other of readdirSync(stateDir)) if (other.startsWith(`${name}.draft-`)) rmSync(join(stateDir, other))
  const draft = join(stateDir, `${name}.draft-${process.pid}`)
  const file = openSync(draft, 'wx', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(draft, join(stateDir, name))
  if (process.platform === 'win32') return
  // The name itself has to outlast a power cut too, before anything is sealed with these keys.
  const folder = openSync(stateDir, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

const write = (stateDir: string, secrets: Secrets) =>
  writeOnce(stateDir, 'secrets.json', `${JSON.stringify(secrets, null, 2)}\n`)

function whole(stateDir: string, stored: z.infer<typeof Stored>): Secrets {
  const { OPERATOR_KEY } = stored
  if (OPERATOR_KEY !== undefined) return { ...stored, OPERATOR_KEY }
  const secrets = { ...stored, OPERATOR_KEY: key() }
  write(stateDir, secrets)
  return secrets
}

const RECOVER = 'Restore it from a backup; if nothing was sealed yet, delete it and start again.'

function read(path: string): string {
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    fail(`Others can read the secrets in ${path}. Run chmod 600 on it and start again.`)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return fail(`The secrets file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}). ${RECOVER}`)
  }
}

function parse(path: string): z.infer<typeof Stored> {
  let json: unknown
  try {
    json = JSON.parse(read(path))
  } catch (error) {
    if (error instanceof StartError) throw error
    return fail(`The secrets file ${path} is damaged. ${RECOVER}`)
  }
  const parsed = Stored.safeParse(json)
  if (parsed.success) return parsed.data
  return fail(
    `The secrets file ${path} is damaged at ${parsed.error.issues[0]?.path.join('.') || 'the top'}. ${RECOVER}`,
  )
}

/**
 * The secrets of this machine, made once. A file that is damaged, lost or readable by others is never replaced: whatever
 * was sealed with its keys would be lost. Only the lock's holder calls it.
 */
export function loadSecrets(stateDir: string): Secrets {
  const path = join(stateDir, 'secrets.json')
  if (!existsSync(path)) {
    const data = join(stateDir, 'data')
    if (existsSync(data))
      fail(`The secrets file ${path} is missing, but there is data. Restore it from a backup, or move ${data} away.`)
    write(stateDir, newSecrets())
  }
  return whole(stateDir, parse(path))
}

type Keyring = Secrets['CANDOR_KEYRING']

/** The keyring of this machine; null where there is none. */
export function readKeyring(stateDir: string): Keyring | null {
  const path = join(stateDir, 'secrets.json')
  return existsSync(path) ? parse(path).CANDOR_KEYRING : null
}

function writeKeyring(stateDir: string, change: (ring: Keyring) => Keyring): void {
  const secrets = whole(stateDir, parse(join(stateDir, 'secrets.json')))
  write(stateDir, { ...secrets, CANDOR_KEYRING: change(secrets.CANDOR_KEYRING) })
}

/** A new key that seals; those before it only open. Answers its id. */
export function turnKeyring(stateDir: string): string {
  const next = { kid: randomBytes(4).toString('hex'), key: key(), state: 'active' as const }
  writeKeyring(stateDir, (ring) => [next, ...ring.map((row) => ({ ...row, state: 'decrypt' as const }))])
  return next.kid
}

/** Takes a key out that nothing names any more. */
export const dropKey = (stateDir: string, kid: string): void =>
  writeKeyring(stateDir, (ring) => ring.filter((row) => row.kid !== kid || row.state === 'active'))
