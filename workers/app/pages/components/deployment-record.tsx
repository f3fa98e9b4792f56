import { Banner } from './status.tsx'
import { exactTime } from './time.tsx'

/** What the deployment log knows of a log. Moments in Unix milliseconds. */
export interface DeploymentState {
  newest: { size: number; seq: number; at: number } | null
  refused: { size: number; reason: string; at: number } | null
  witnessed: { by: string; at: number } | null
  hasWitness: boolean
}

function Witnessed({ witnessed, hasWitness }: DeploymentState) {
  if (witnessed)
    return (
      <p>
        The witness <code>{witnessed.by}</code> has signed a head of that log which includes it,{' '}
        {exactTime(witnessed.at)}.
      </p>
    )
  return (
    <p>
      {hasWitness
        ? 'The witness has not signed it yet.'
        : 'No witness follows that log: that it only grew is Candor’s word, and of whoever keeps its heads.'}
    </p>
  )
}

/** Whether the workspace's checkpoint is in the log of all workspaces' checkpoints, and who outside has seen it. */
export function DeploymentRecord({ state }: { state: DeploymentState | null }) {
  if (!state) return <p>The deployment log cannot be asked just now.</p>
  const { newest, refused } = state
  return (
    <>
      {refused && (
        <Banner tone="down" icon="down">
          <p>
            <strong>
              A checkpoint of {refused.size.toLocaleString('en')} entries was refused, {exactTime(refused.at)}:{' '}
              {refused.reason}.
            </strong>
          </p>
          <p class="small">It does not continue what was taken of this log before. An operator has to look into it.</p>
        </Banner>
      )}
      {newest ? (
        <p>
          The checkpoint of {newest.size.toLocaleString('en')} entries is entry #{newest.seq.toLocaleString('en')} of
          the log that holds the checkpoints of all workspaces, since {exactTime(newest.at)}.{' '}
          <a href="/v1/audit/deployment/proof">Its receipt</a>
        </p>
      ) : (
        <p>No checkpoint of this log is there yet: the first goes there a few seconds after the log was begun.</p>
      )}
      {newest && <Witnessed {...state} />}
      <p class="muted">
        One log for everybody: whoever was shown another history would find it missing there. It is public at{' '}
        <a href="/audit/deployment/checkpoint">/audit/deployment/checkpoint</a>, without the checkpoints themselves.
      </p>
    </>
  )
}
