import { expect } from 'vitest'
import { checkpointOf, exported, nightlyPass } from './audit.ts'
import { MONITOR, newPerson } from './candor.ts'
import { nextSeq } from './database.ts'
import { made, settled } from './world.ts'

/** A log of seven entries, found right by its own check last night, and a checkpoint that its owner has kept. */
export async function checkedLog(name?: string) {
  const person = await newPerson(name)
  await made(person, 'monitor.create', MONITOR)
  for (const name of ['One', 'Two', 'Three', 'Four']) await made(person, 'workspace.rename', { name })
  await exported(person)
  await settled()
  expect((await nightlyPass(person.workspaceId)).checked.finding).toBeNull()
  const since = await checkpointOf(person)
  return { person, logId: person.workspaceId, since, size: await nextSeq(person.workspaceId) }
}
