import { growLog, vkeyOf } from './audit.ts'
import { newApiKey, newPerson } from './candor.ts'
import { nextSeq } from './database.ts'
import { naiveLeafHash, naiveTree } from './rfc6962.ts'
import { leavesOf } from './varied-log.ts'

/** A log of many entries, somebody who may read it, and its tree as the naive definition has it. */
export async function provedLog(size: number) {
  const person = await newPerson()
  const { token: reader } = await newApiKey(person, 'read')
  await growLog(person.workspaceId, size - (await nextSeq(person.workspaceId)))
  const vkey = await vkeyOf(reader)
  const leaves = (await leavesOf(person.workspaceId)).map(({ text }) => text)
  const hashes = await Promise.all(leaves.map((leaf) => naiveLeafHash(new TextEncoder().encode(leaf))))
  return { person, reader, vkey, leaves, hashes, tree: naiveTree(hashes) }
}
