import { describe, expect, test } from 'vitest'
import { ROLES, type Role, reaches } from '../../shared/contracts/common.ts'
import { ask, newPerson, type Person } from '../lib/candor.ts'
import { dumpBesidesLog, pastTheGates, statement } from '../lib/database.ts'
import { readLog } from '../lib/log.ts'
import { CHANGES, pathTo, READS } from '../lib/routes.ts'
import { newWorld, settled } from '../lib/world.ts'
import { VALID } from '../workspace/verbs.ts'

const become = ({ workspaceId, userId }: Person, role: Role) =>
  pastTheGates(
    [statement('UPDATE membership SET role = ? WHERE workspace_id = ? AND user_id = ?', role, workspaceId, userId)],
    'membership',
  )

const forPeople = CHANGES.filter(({ operation }) => operation.credentials?.includes('session') ?? true)
/** Right in form and in conflict for an owner, who cannot leave, and of a workspace that is not being deleted. */
const CONFLICT_FOR: Record<string, Role> = { 'member.leave': 'owner', 'workspace.keep': 'owner' }

describe.each(forPeople)('$route', ({ method, path, operation: { action, role: needed } }) => {
  test.each(ROLES)('as %s', async (role) => {
    const person = await newPerson()
    const { id, ...body } = (await VALID[action]?.(person)) ?? expect.unreachable()
    await settled()
    await become(person, role)
    const before = await dumpBesidesLog()
    const { status, text } = await ask(method, path.replace(':id', `${id}`), { as: person, body })
    const { leaf } = (await readLog(person.workspaceId)).at(-1) ?? expect.unreachable()
    if (reaches(role, needed)) {
      const conflicts = CONFLICT_FOR[action] === role
      expect([text, status]).toEqual([text, conflicts ? 409 : expect.toSatisfy((code) => code < 300)])
      expect(leaf).toMatchObject({ action, outcome: conflicts ? 'conflict' : 'ok' })
    } else {
      expect([status, JSON.parse(text).detail]).toEqual([403, expect.stringContaining(`needs the role ${needed}`)])
      expect(leaf).toMatchObject({ action, outcome: 'forbidden', before: null, after: null })
      expect(await dumpBesidesLog()).toBe(before)
    }
  })
})

test('a viewer reads everything', async () => {
  const world = await newWorld()
  await become(world.person, 'viewer')
  const ids: Record<string, string> = {
    monitors: world.monitorId,
    incidents: world.incidentId,
    integrations: world.integrationId,
    'status-pages': world.statusPageId,
    'api-keys': world.apiKeyId,
    members: world.userId,
    invitations: world.invitationId,
  }
  for (const { path } of READS) {
    const at = pathTo(path, ids[path.split('/')[2] ?? ''] ?? '')
    expect([at, (await ask('GET', at, { as: world.person })).status]).toEqual([
      at,
      // There may be none yet: a tile of a short log, a checkpoint of a workspace that has just begun.
      expect.toSatisfy((s) => s < 300 || (s === 404 && /tile|deployment/.test(at))),
    ])
  }
})
