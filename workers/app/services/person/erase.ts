import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { deleteAcceptedBy } from '../invitation/rows.ts'
import { deletePerson, personRows } from '../log/rows.ts'
import { mutation, writeAny } from '../mutation.ts'
import { madeBy, withoutTheirKeys } from './rows.ts'

/**
 * Forgets the personal fields of somebody in this workspace's log: name, e-mail, address, browser. Their entries stay,
 * with the id and the commitment, and every proof holds. What they do from now on is kept again. Invitations that they
 * accepted, and with them the address that was invited, go as well. When their account ends, Candor itself does this, and
 * what refers to them goes with it: invitations that they sent, and the rows of their keys, which were revoked.
 */
export const erasePerson = mutation({
  action: 'person.erase',
  scope: 'write',
  role: 'owner',
  credentials: ['session', 'system'],
  route: 'POST /v1/people/:id/erase',
  whileEnding: true,
  input: ById('user'),
  load: (db, { workspaceId }, { id }) => ({
    rows: personRows(db, workspaceId, id),
    made: madeBy(db, workspaceId, id),
  }),
  run(db, { workspaceId, userId, actor }, { id }, { rows: [row], made: [made] }) {
    const kept = row?.count ?? 0
    const ends = actor.type === 'system'
    if (kept === 0 && !(ends && made?.count))
      throw new AppError('not_found', 'There is no such person in this workspace.')
    // The entry that erases is an entry of the one who does it: it would keep what it erases.
    if (id === userId) throw new AppError('conflict', 'Somebody else has to erase you: this very entry names you.')
    return {
      entityId: id,
      before: { kept },
      after: { kept: 0 },
      writes: [
        writeAny(deletePerson(db, workspaceId, id)),
        writeAny(deleteAcceptedBy(db, workspaceId, id)),
        ...(ends ? withoutTheirKeys(db, workspaceId, id).map(writeAny) : []),
      ],
    }
  },
})
