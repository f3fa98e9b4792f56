import { type Context, Hono } from 'hono'
import { ById } from '../../../../shared/contracts/common.ts'
import { AppError } from '../../../../shared/errors.ts'
import { asWorkspaceId } from '../../../../shared/ids.ts'
import { database } from '../../db/client.ts'
import { JoinPage, NoInvitationPage } from '../../pages/join.tsx'
import { invitationOfSession } from '../../services/account/rows.ts'
import { parseInput } from '../../services/input.ts'
import { acceptInvitation } from '../../services/invitation/accept.ts'
import { declineInvitation } from '../../services/invitation/decline.ts'
import { goneMessage, requireOpen } from '../../services/invitation/open.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutateAs } from '../run.ts'
import { refused } from './form.ts'
import { personOf, sessionOf, switchTo } from './session.ts'

type C = Context<Edge>

/** The invitation of an address, if it is for whoever is signed in. The same answer for somebody else's and for none. */
async function invitationOf(c: C) {
  const { hash } = sessionOf(c)
  const { id } = parseInput({ input: ById('invitation') }, { id: c.req.param('id') })
  const person = await personOf(c)
  const [invitation] = await invitationOfSession(database(c.env.DB), hash, id)
  const workspaceId = invitation && asWorkspaceId(invitation.workspaceId)
  if (!workspaceId) throw new AppError('not_found', goneMessage(person.verifiedEmail))
  return { person, invitation, workspaceId, credential: { type: 'invited', workspaceId, hash } as const }
}

function closedBecause(invitation: Parameters<typeof requireOpen>[0]): string | undefined {
  try {
    requireOpen(invitation, Date.now())
    return undefined
  } catch (error) {
    return refused(error, {}).errors[0]?.message
  }
}

async function show(c: C, problem?: string, status = 200) {
  const { person, invitation } = await invitationOf(c)
  const props = {
    ...invitation,
    email: person.verifiedEmail ?? '',
    personName: person.name,
    expiresAt: new Date(invitation.expiresAt).toISOString(),
    closed: problem ?? closedBecause(invitation),
  }
  return page(c, <JoinPage {...props} />, status)
}

async function accept(c: C) {
  const { person, invitation, workspaceId, credential } = await invitationOf(c)
  try {
    requireOpen(invitation, Date.now())
    await mutateAs(c, credential, acceptInvitation, { id: invitation.id })
  } catch (error) {
    return show(c, refused(error, {}).errors[0]?.message, 409)
  }
  await switchTo(c, person.userId, workspaceId)
  return c.redirect('/monitors', 303)
}

async function decline(c: C) {
  const { invitation, credential } = await invitationOf(c)
  try {
    requireOpen(invitation, Date.now())
    await mutateAs(c, credential, declineInvitation, { id: invitation.id })
  } catch (error) {
    return show(c, refused(error, {}).errors[0]?.message, 409)
  }
  return c.redirect('/workspaces', 303)
}

const orNothing = (c: C, answer: Promise<Response>): Promise<Response> =>
  answer.catch((error) => {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    return page(c, <NoInvitationPage message={error.message} />, 404)
  })

/** Where an invitation's link leads. Answering it needs a sign-in, whose verified address is the invited one. */
export function join() {
  const app = new Hono<Edge>()
  app.get('/invitations/:id', (c) => orNothing(c, show(c)))
  app.post('/invitations/:id/accept', (c) => orNothing(c, accept(c)))
  app.post('/invitations/:id/decline', (c) => orNothing(c, decline(c)))
  return app
}
