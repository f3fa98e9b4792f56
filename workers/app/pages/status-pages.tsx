import type { StatusPageView } from '../../../shared/contracts/status-page.ts'
import { Icon } from './components/icon.tsx'
import { SafeLink } from './components/link.tsx'
import { columnsFor, May } from './components/may.tsx'
import { Empty, Heading } from './components/page-parts.tsx'
import { NewWithinPlan, type PlanRoom } from './components/plan.tsx'
import { type Column, Table } from './components/table.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface StatusPagesProps {
  viewer: Viewer
  pages: StatusPageView[]
  room: PlanRoom
  /** Origin under which public pages live. */
  statusUrl: string
}

const columnsAt = (statusUrl: string, viewer: Viewer): Column<StatusPageView>[] => [
  { title: 'Title', kind: 'head', show: ({ title }) => title },
  {
    title: 'Address',
    kind: 'text',
    show: ({ slug }) => (
      <SafeLink href={`${statusUrl}/s/${slug}`}>
        /s/{slug} <Icon name="external" />
      </SafeLink>
    ),
  },
  { title: 'Monitors', kind: 'num', show: ({ monitorIds }) => monitorIds.length },
  { title: 'Changed', show: ({ updatedAt }) => <Time at={updatedAt} /> },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id }) => (
      <div class="row">
        <May viewer={viewer} action="status_page.update">
          <a class="btn btn-sm" href={`/status-pages/${id}/edit`}>
            Edit
          </a>
        </May>
        <May viewer={viewer} action="status_page.delete">
          <a class="btn btn-sm" href={`/status-pages/${id}/delete`}>
            Delete
          </a>
        </May>
      </div>
    ),
  },
]

export function StatusPagesPage({ viewer, pages, room, statusUrl }: StatusPagesProps) {
  const add = (otherwise?: string) => (
    <May viewer={viewer} action="status_page.create" otherwise={otherwise}>
      <NewWithinPlan href="/status-pages/new" room={room}>
        New status page
      </NewWithinPlan>
    </May>
  )
  return (
    <Dashboard title="Status pages" viewer={viewer} current="/status-pages">
      <Heading title="Status pages">{pages.length === 0 ? undefined : add()}</Heading>
      {pages.length === 0 ? (
        <Empty icon="layout" title="No public page yet">
          <p>A status page says to everybody, in one sentence, whether your services work.</p>
          <p>{add('A member of this workspace can make one.')}</p>
        </Empty>
      ) : (
        <Table
          caption="Status pages"
          columns={columnsFor(viewer, ['status_page.update', 'status_page.delete'], columnsAt(statusUrl, viewer))}
          rows={pages}
        />
      )}
    </Dashboard>
  )
}
