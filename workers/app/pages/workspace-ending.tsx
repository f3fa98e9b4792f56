import { exactTime } from './components/time.tsx'

const DAY_MS = 86_400_000
/** How long D1 can be taken back to an earlier moment. */
const RECOVERY_MS = 30 * DAY_MS

/** What becomes of a workspace that is deleted, before somebody does it: when what goes, what stays, and until when. */
export function WhatBecomesOfIt({ endsAt }: { endsAt: number }) {
  return (
    <div class="stack">
      <h2>At once</h2>
      <p>
        Checks and alerts stop, status pages are not found, API keys are refused. Members can still sign in and look at
        everything, and <a href="/settings/export">download a copy</a> of it. Until {exactTime(endsAt)} you can keep the
        workspace, and it goes on as it was.
      </p>
      <h2>On {exactTime(endsAt)}</h2>
      <p>
        Everything of it is deleted: monitors with their results, incidents, integrations, status pages, API keys,
        invitations and memberships, the texts of its audit log with all names and addresses in it, and the random bytes
        without which its secrets cannot be opened.
      </p>
      <h2>What stays</h2>
      <ul>
        <li>
          For ever: its id, when it ended, how many entries its audit log had, and their hashes, from which nothing can
          be read. Whoever has a copy of the log can still show that it was right. The id is never used again.
        </li>
        <li>For ever: checkpoints of that log in the log of this deployment, which are its id, sizes and hashes.</li>
        <li>
          Until {exactTime(endsAt + RECOVERY_MS)}, where Candor runs on Cloudflare: the database can be taken back to a
          moment before. Backups that whoever runs this Candor makes stay as long as they keep them.
        </li>
        <li>Copies and exports that somebody has taken, messages and mails that were sent, and your own account.</li>
      </ul>
    </div>
  )
}
