import type { MonitorView } from '../../../shared/contracts/monitor.ts'
import { CheckTable } from './components/check-table.tsx'
import { SafeLink } from './components/link.tsx'
import { May } from './components/may.tsx'
import { PostButton } from './components/page-parts.tsx'
import { Banner } from './components/status.tsx'
import { Later } from './document.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

/** The open table of a monitor's checks, and what they come to. */
export function ComingChecks({ monitor }: { monitor: MonitorView }) {
  return (
    <div class="stack">
      <CheckTable caption={`Checks of ${monitor.name}`}>
        <Later />
      </CheckTable>
      <Later />
    </div>
  )
}

/** In place of an answer, where no check has ended. */
export function NothingYet({ monitor }: { monitor: MonitorView }) {
  return (
    <Banner tone="stale" icon="stale">
      <p>
        {monitor.active
          ? 'No check has ended yet. Its result will stand on the page of the monitor.'
          : 'This monitor is paused, so it is not checked.'}
      </p>
    </Banner>
  )
}

interface MonitorCheckProps {
  viewer: Viewer
  monitor: MonitorView
}

/** "Check now", as it happens. */
export function MonitorCheckPage({ viewer, monitor }: MonitorCheckProps) {
  const path = `/monitors/${monitor.id}`
  return (
    <Dashboard title={`Check of ${monitor.name}`} viewer={viewer} current="/monitors">
      <div class="stack">
        <nav class="small" aria-label="Breadcrumb">
          <a href="/monitors">Monitors</a> <span class="muted">/</span>{' '}
          <a class="wrap" href={path}>
            {monitor.name}
          </a>
        </nav>
        <h1 class="wrap">Check of {monitor.name}</h1>
        <p class="muted wrap">
          {monitor.method} <SafeLink href={monitor.url}>{monitor.url}</SafeLink>
        </p>
      </div>
      <ComingChecks monitor={monitor} />
      <div class="row">
        <a class="btn btn-primary" href={path}>
          Back to the monitor
        </a>
        {monitor.active ? (
          <May viewer={viewer} action="monitor.check">
            <PostButton action={`${path}/check`} icon="refresh">
              Check again
            </PostButton>
          </May>
        ) : null}
      </div>
    </Dashboard>
  )
}
