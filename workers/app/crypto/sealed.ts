import { decodeHex, encodeHexLowerCase } from '@oslojs/encoding'
import { AppError } from '../../../shared/errors.ts'
import { concat, hkdf, hmacSha256, lengthPrefixed, random, sameBytes, utf8 } from './bytes.ts'
import type { Keyring } from './keyring.ts'
import { type Secret, secret } from './secret.ts'
import { xaesOpen, xaesSeal } from './xaes.ts'

/*
 * A sealed value: version 1 · kid 4 · epoch 2 · nonce 24 · commitment 32 · ciphertext · tag 16.
 * The commitment binds the blob to one key: AES-GCM alone lets one ciphertext open under two.
 */
const VERSION = 1
const HEADER = { kid: 1, epoch: 5, nonce: 7, commitment: 31, ciphertext: 63 }
const TAG_BYTES = 16
const DOMAIN = 'candor/credential/v1'

/** Where a value lives. It opens nowhere else. */
export interface Place {
  workspaceId: string
  table: string
  rowId: string
  column: string
}

export interface EpochSalt {
  epoch: number
  salt: Uint8Array
}

const wrong = (why: string) => new AppError('internal', `A sealed credential cannot be opened: ${why}.`)

const epochBytes = (epoch: number) => Uint8Array.of(epoch >> 8, epoch & 255)

/** HKDF-SHA-256 of a master key, under a salt whose deletion shreds everything sealed with it. */
export function workspaceRoot(masterKey: Uint8Array, salt: Uint8Array, workspaceId: string) {
  return hkdf(masterKey, salt, concat(utf8(DOMAIN), utf8(workspaceId)))
}

function associatedData(kid: Uint8Array, epoch: number, place: Place): Uint8Array {
  const { workspaceId, table, rowId, column } = place
  return lengthPrefixed(utf8(DOMAIN), kid, epochBytes(epoch), ...[workspaceId, table, rowId, column].map(utf8))
}

const commitmentOf = (root: Uint8Array, kid: Uint8Array, nonce: Uint8Array) =>
  hmacSha256(root, utf8('commit'), kid, nonce)

/** The master key that a sealed value names. */
export const kidOf = (blob: Uint8Array): string => encodeHexLowerCase(blob.subarray(HEADER.kid, HEADER.epoch))

/** Seals a text for one place, under the active master key and the newest epoch. */
export async function seal(keyring: Keyring, keys: EpochSalt[], place: Place, plaintext: string): Promise<Uint8Array> {
  const newest = keys.toSorted((a, b) => b.epoch - a.epoch)[0]
  if (!newest) throw new AppError('internal', 'This workspace has no key salt.')
  const kid = decodeHex(keyring.active.kid)
  const root = await workspaceRoot(keyring.active.key, newest.salt, place.workspaceId)
  const nonce = random(24)
  const sealed = await xaesSeal(root, nonce, utf8(plaintext), associatedData(kid, newest.epoch, place))
  return concat(
    Uint8Array.of(VERSION),
    kid,
    epochBytes(newest.epoch),
    nonce,
    await commitmentOf(root, kid, nonce),
    sealed,
  )
}

/** Opens what was sealed for this very place. Throws for anything else, naming an unknown version, key or epoch. */
export async function open(keyring: Keyring, keys: EpochSalt[], place: Place, blob: Uint8Array): Promise<Secret> {
  if (blob[0] !== VERSION) throw wrong(`version ${blob[0] ?? 'none'} is unknown`)
  if (blob.length < HEADER.ciphertext + TAG_BYTES) throw wrong('it is cut short')
  const kid = blob.subarray(HEADER.kid, HEADER.epoch)
  const epoch = new DataView(blob.buffer, blob.byteOffset).getUint16(HEADER.epoch)
  const master = keyring.byKid.get(kidOf(blob))
  if (!master) throw wrong(`the key ${kidOf(blob)} is not in the keyring`)
  const salt = keys.find((candidate) => candidate.epoch === epoch)?.salt
  if (!salt) throw wrong(`the salt of epoch ${epoch} is gone`)
  const root = await workspaceRoot(master.key, salt, place.workspaceId)
  const nonce = blob.subarray(HEADER.nonce, HEADER.commitment)
  const commitment = blob.subarray(HEADER.commitment, HEADER.ciphertext)
  if (!sameBytes(commitment, await commitmentOf(root, kid, nonce))) throw wrong('it was made with another key')
  try {
    const aad = associatedData(kid, epoch, place)
    const plaintext = await xaesOpen(root, nonce, blob.subarray(HEADER.ciphertext), aad)
    return secret(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext))
  } catch {
    throw wrong('it was changed or moved')
  }
}
