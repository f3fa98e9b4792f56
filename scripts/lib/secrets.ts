import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from './fail.ts'

const Key = z.string().refine((text) => Buffer.from(text, 'base64').length === 32)

const Secrets = z.strictObject({
  version: z.literal(1),
  CANDOR_KEYRING: z
    .array(z.strictObject({ kid: z.string().regex(/^[0-9a-f]{8}$/), key: Key, state: z.enum(['active', 'decrypt']) }))
    .min(1),
  API_KEY_RING: z
    .array(z.strictObject({ id: z.int().min(1).max(63), key: Key, state: z.enum(['active', 'verify']) }))
    .min(1),
  SIGN_IN_KEY: Key,
  identityProvider: z.strictObject({
    clientSecret: z.string().min(32),
    cookieKey: z.string().min(32),
    signingKey: z.record(z.string(), z.unknown()),
  }),
})
export type Secrets = z.infer<typeof Secrets>

const key = () => randomBytes(32).toString('base64')

function newSecrets(): Secrets {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    version: 1,
    CANDOR_KEYRING: [{ kid: randomBytes(4).toString('hex'), key: key(), state: 'active' }],
    API_KEY_RING: [{ id: 1, key: key(), state: 'active' }],
    SIGN_IN_KEY: key(),
    identityProvider: {
      clientSecret: key(),
      cookieKey: key(),
      signingKey: {
        ...privateKey.export({ format: 'jwk' }),
        alg: 'ES256',
        use: 'sig',
        kid: randomBytes(8).toString('hex'),
      },
    },
  }
}

/** All or nothing: a kill in between leaves no file, and never half of one. */
function writeOnce(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`
  const file = openSync(draft, 'wx', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
  renameSync(draft, path)
}

/**
 * The secrets of this machine, made once. A file that is damaged or readable by others is never replaced: whatever was
 * sealed with its keys would be lost.
 */
export function loadSecrets(stateDir: string): Secrets {
  const path = join(stateDir, 'secrets.json')
  if (!existsSync(path)) writeOnce(path, `${JSON.stringify(newSecrets(), null, 2)}\n`)
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    fail(`Others can read the secrets in ${path}. Run chmod 600 on it and start again.`)
  let parsed: ReturnType<typeof Secrets.safeParse>
  try {
    parsed = Secrets.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return fail(
      `The secrets file ${path} is damaged. Restore it from a backup; if nothing was sealed yet, delete it and start again.`,
    )
  }
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') || 'the top'
    return fail(
      `The secrets file ${path} is damaged at ${where}. Restore it from a backup; if nothing was sealed yet, delete it and start again.`,
    )
  }
  return parsed.data
}
