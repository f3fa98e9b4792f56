import type { IntegrationView } from '../../../shared/contracts/integration.ts'
import { TryTable } from './components/delivery-table.tsx'
import { May } from './components/may.tsx'
import { PostButton } from './components/page-parts.tsx'
import { Later } from './document.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** The open table of a message's tries, and what came of them. */
export function ComingTries({ name }: { name: string }) {
  return (
    <div class="stack">
      <TryTable caption={`Tries of the test message to ${name}`}>
        <Later />
      </TryTable>
      <Later />
    </div>
  )
}

interface IntegrationTestProps {
  viewer: Viewer
  integration: IntegrationView
  /** Whether a test message is followed; without one the page offers to send it. */
  sent: boolean
}

/** "Send a test", as it happens. */
export function IntegrationTestPage({ viewer, integration: { id, name }, sent }: IntegrationTestProps) {
  return (
    <Dashboard title={`Test of ${name}`} viewer={viewer} current="/integrations">
      <div class="stack">
        <h1 class="wrap">Test of {name}</h1>
        <p class="muted">A test message is signed as every other, and says that it is one.</p>
      </div>
      {sent ? <ComingTries name={name} /> : null}
      <div class="row">
        <May viewer={viewer} action="integration.test">
          <PostButton action={`/integrations/${id}/test`} icon="send" primary={!sent}>
            {sent ? 'Send another' : 'Send a test'}
          </PostButton>
        </May>
        <a class={sent ? 'btn btn-primary' : 'btn'} href="/integrations">
          Back to the integrations
        </a>
      </div>
    </Dashboard>
  )
}
