import { PostButton } from './components/page-parts.tsx'
import { exactTime } from './components/time.tsx'
import { Plain } from './shells.tsx'

interface Owned {
  name: string
  members: number
}

const DAY_MS = 86_400_000
/** How long D1 can be taken back to an earlier moment. */
const RECOVERY_MS = 30 * DAY_MS

function Owns({ owned }: { owned: Owned[] }) {
  const others = owned.filter(({ members }) => members > 1)
  const alone = owned.filter(({ members }) => members === 1)
  return (
    <>
      {others.length === 0 ? null : (
        <div class="stack-sm">
          <p>
            <strong>First hand over or delete what you own and others use:</strong>{' '}
            {others.map(({ name }) => name).join(', ')}.
          </p>
          <p>
            <a href="/workspaces">Switch to each of them</a>, and hand it over to one of its{' '}
            <a href="/settings/members">members</a>, or <a href="/settings/delete">delete it</a>.
          </p>
        </div>
      )}
      {alone.length === 0 ? null : (
        <p>
          With your account goes where nobody else is: {alone.map(({ name }) => name).join(', ')}. You may{' '}
          <a href="/settings/export">download a copy</a> of the one you are in.
        </p>
      )}
    </>
  )
}

/** What becomes of an account that is deleted, before somebody does it. */
export function WhatBecomesOfYou({ owned, endsAt }: { owned: Owned[]; endsAt: number }) {
  return (
    <div class="stack">
      <Owns owned={owned} />
      <h2>At once</h2>
      <p>
        You are signed out everywhere. Until {exactTime(endsAt)} you can sign in again and keep your account; everything
        goes on as it was. API keys that you made in workspaces of others work until then.
      </p>
      <h2>On {exactTime(endsAt)}</h2>
      <p>
        Your name and address, how you sign in, your memberships and the texts of your account’s log are deleted. In
        workspaces of others your API keys are revoked, and your name, address, IP addresses and browsers are erased
        from their logs.
      </p>
      <h2>What stays</h2>
      <ul>
        <li>For ever: your id, in entries about what you did, and hashes of your account’s log. Neither names you.</li>
        <li>
          Until {exactTime(endsAt + RECOVERY_MS)}, where Candor runs on Cloudflare: the database can be taken back to a
          moment before. Backups that whoever runs this Candor makes stay as long as they keep them.
        </li>
        <li>
          Names that you gave to monitors and pages in workspaces of others, exports that somebody has taken, and mails
          that were sent.
        </li>
      </ul>
    </div>
  )
}

/** Somebody signs in whose account is being deleted: the one thing to do is to keep it. */
export function AccountEndingPage({ name, endsAt }: { name: string; endsAt: number }) {
  return (
    <Plain title="Your account is being deleted">
      <div class="stack">
        <h1>Your account is being deleted</h1>
        <p class="lead wrap">
          {name}, you have deleted your account. It goes for good on {exactTime(endsAt)}. Until then you can keep it,
          and everything goes on as it was.
        </p>
      </div>
      <div class="row">
        <PostButton action="/account/keep" primary>
          Keep my account
        </PostButton>
        <PostButton action="/sign-out">Sign out</PostButton>
      </div>
    </Plain>
  )
}
