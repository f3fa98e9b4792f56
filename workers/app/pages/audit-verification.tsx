import type { LogFinding, LogVerdict } from '../../../shared/domain/finding.ts'
import { LogBadge, LogBanner, type LogStanding } from './components/audit-badge.tsx'
import { DeploymentRecord, type DeploymentState } from './components/deployment-record.tsx'
import { AUDIT_LOG } from './components/log-place.ts'
import { Code, Heading, Section } from './components/page-parts.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface VerificationProps {
  viewer: Viewer
  standing: LogStanding
  /** The signed head, as it is; null when the log does not match its own copy. */
  checkpoint: string | null
  keys: { vkey: string; state: string }[]
  /** How the deployment log knows this log; null when it could not be asked. Absent for a log that does not go there. */
  deployment?: DeploymentState | null
}

/** What each finding says, for people who have never seen one. */
const MEANINGS: Record<LogVerdict, string> = {
  altered: 'The text, the personal fields or the hash of this entry is not what was written.',
  missing: 'This entry is gone, and no entry says that it was pruned.',
  reordered: 'This entry stands in another place than the one it was written for.',
  'wrong workspace': 'This entry belongs to the log of another workspace.',
  truncated: 'The log ends here, and its writer knows that it went on.',
  added: 'The log goes on from here, and its writer did not write that.',
}

/** Something was found: what it says, and what can be done now. */
function Finding({ finding: { verdict } }: { finding: LogFinding }) {
  return (
    <Section id="finding" title="What was found, and what to do">
      <p>
        {MEANINGS[verdict]} A database that was restored from a backup looks the same as one that somebody cut. When the
        end of the log is not the one its writer knows, nothing can be changed in this workspace.
      </p>
      <p>
        Take an export now, and keep it with the checkpoint below. Then ask whoever runs this Candor: they can restore
        the database, or accept the log as it is. Accepting is an entry of the log that says what was known before.
      </p>
    </Section>
  )
}

/** What the badge means, and how to check it without believing this page. */
export function AuditVerificationPage({ viewer, standing, checkpoint, keys, deployment }: VerificationProps) {
  const { place } = standing
  const title = `Verify the ${place.title.toLowerCase()}`
  return (
    <Dashboard title={title} viewer={viewer} current={place.current} ownFinding={place === AUDIT_LOG}>
      <div class="stack-sm">
        <Heading title={title} />
        <LogBadge standing={standing} />
      </div>
      <LogBanner standing={standing} />
      {standing.finding ? <Finding finding={standing.finding} /> : null}
      <Section id="means" title="What the badge means">
        <p>
          The log is a Merkle tree (RFC 6962): every entry is a leaf, and one hash, the root, stands for all of them in
          their order. Candor recomputes it every night from the first entry on, and compares it with a copy that is
          kept apart from the database. That is Candor’s word. The rest of this page is how to do without it.
        </p>
      </Section>
      <Section id="yourself" title="Check it yourself, offline">
        <p>Export the log as NDJSON. In a copy of Candor’s repository, with the network unplugged if you like:</p>
        <Code>
          {
            "npm run verify -- audit.ndjson --key '<a key from below that you kept>' --since <a checkpoint that you kept>"
          }
        </Code>
        <p class="muted">
          It says sound, or what was done and to which entry: altered, missing, reordered, truncated, forked. Keep the
          checkpoint below: whoever rewrites the log cannot rewrite your copy of it.
        </p>
        <p>
          <a class="btn btn-primary" href={`${place.export}?format=ndjson`}>
            Export NDJSON
          </a>
        </p>
      </Section>
      <Section id="checkpoint" title="The checkpoint now">
        {checkpoint === null ? (
          <p>
            <strong>Nothing is signed: this log does not match its own copy. An operator has to look into it.</strong>
          </p>
        ) : (
          <Code>{checkpoint}</Code>
        )}
        <p class="muted">
          A signed note as c2sp.org/tlog-checkpoint has it; tools for such logs read it. The API has it at{' '}
          <a href={`${place.api}/checkpoint`}>{place.api}/checkpoint</a>.
        </p>
      </Section>
      <Section id="keys" title="Keys that verify it">
        {keys.map(({ vkey, state }) => (
          <div class="stack-sm">
            <Code>{vkey}</Code>
            <p class="small muted">{state === 'active' ? 'Signs now' : 'Retired: verifies what it signed'}</p>
          </div>
        ))}
      </Section>
      {deployment !== undefined && (
        <Section id="deployment" title="In the deployment log">
          <DeploymentRecord state={deployment} />
        </Section>
      )}
      <Section id="not" title="What this does not show">
        <p>
          Whoever holds the database, the secrets and the right to deploy could rewrite the log and sign it again. That
          is found by anyone who holds a checkpoint from before: an export, a receipt, this browser, a witness. It is
          not found where nobody holds one.
        </p>
      </Section>
    </Dashboard>
  )
}
