import type { DeploymentState } from '../../workers/app/pages/components/deployment-record.tsx'
import { NOW, type Say } from './fixtures.ts'

/** How the deployment log knows the log of the fixtures. */
export const deploymentState = (say: Say): DeploymentState => ({
  newest: { size: 48_213, seq: 1204, at: NOW - 3_600_000 },
  refused: null,
  witnessed: { by: say('witness.test/w1'), at: NOW - 3_500_000 },
  hasWitness: true,
})
