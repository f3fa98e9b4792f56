import { encodeBase64, encodeHexLowerCase } from '@oslojs/encoding'
import { random } from '../../workers/app/crypto/bytes.ts'
import { type Keyring, parseKeyring } from '../../workers/app/crypto/keyring.ts'

/** Keys for tests: made when they are needed, so that none stands in the repository. */
export const newKey = (): string => encodeBase64(random(32))

export interface KeyringRow {
  kid: string
  key: string
  state: string
}

export const keyringRow = (state = 'active', row: Partial<KeyringRow> = {}): KeyringRow => ({
  kid: encodeHexLowerCase(random(4)),
  key: newKey(),
  state,
  ...row,
})

export const keyringOf = (...rows: KeyringRow[]): Keyring => parseKeyring(JSON.stringify(rows))

/** The message of what a call throws; fails when it throws nothing. */
export async function messageOf(call: () => unknown): Promise<string> {
  try {
    await call()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('Nothing was thrown.')
}
