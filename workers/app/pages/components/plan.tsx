import type { Child } from 'hono/jsx'
import { NewLink } from './page-parts.tsx'

/** Room for more of one thing that the plan counts. */
export interface PlanRoom {
  /** In the plural. */
  what: string
  plan: string
  used: number
  limit: number
}

export const isFull = ({ used, limit }: PlanRoom): boolean => used >= limit

/** How much of the plan is used, said before somebody asks for more. */
export function RoomNote({ room }: { room: PlanRoom }) {
  const { what, plan, used, limit } = room
  return (
    <p class="small muted">
      {used} of {limit} {what} of the plan {plan} {isFull(room) ? 'are used: remove one first, or ' : 'are used. '}
      <a href="/settings#plan">{isFull(room) ? 'see your plan' : 'Your plan'}</a>
    </p>
  )
}

/** The one thing that a list invites to; where the plan has no room for it, why not in its place. */
export function NewWithinPlan({ href, room, children }: { href: string; room: PlanRoom; children: string }) {
  return isFull(room) ? <RoomNote room={room} /> : <NewLink href={href}>{children}</NewLink>
}

interface WithinPlanProps {
  /** Null when nothing is added, only changed. */
  room: PlanRoom | null
  back: string
  /** What the way out is called, where it is not one back. */
  onward?: string
  children?: Child
}

/** A form that adds something: what the plan has room for, and no form where it has none. */
export function WithinPlan({ room, back, onward, children }: WithinPlanProps) {
  if (!room) return <>{children}</>
  if (!isFull(room))
    return (
      <>
        <RoomNote room={room} />
        {children}
      </>
    )
  return (
    <section class="empty stack">
      <h2>There is no room for another one</h2>
      <RoomNote room={room} />
      <p>
        <a class="btn" href={back}>
          {onward ?? 'Back'}
        </a>
      </p>
    </section>
  )
}
