import type { StatusPageView } from '../../../shared/contracts/status-page.ts'
import { Icon } from './components/icon.tsx'
import { Empty, Heading, Table } from './components/page-parts.tsx'
import { Time } from './components/time.tsx'
import { Dashboard, type Viewer } from './shells.tsx'

interface StatusPagesProps {
  viewer: Viewer
  pages: StatusPageView[]
  /** Origin under which public pages live. */
  statusUrl: string
}

export function StatusPagesPage({ viewer, pages, statusUrl }: StatusPagesProps) {
  return (
    <Dashboard title="Status pages" viewer={viewer} current="/status-pages">
      <Heading title="Status pages">
        <a class="btn btn-primary" href="/status-pages/new">
          <Icon name="plus" />
          New status page
        </a>
      </Heading>
      {pages.length === 0 ? (
        <Empty title="No public page yet">
          <p>A status page says to everybody, in one sentence, whether your services work.</p>
        </Empty>
      ) : (
        <Table caption="Status pages" columns={['Title', 'Address', 'Monitors', 'Changed', 'Actions']}>
          {pages.map((page) => (
            <tr>
              <th scope="row" class="wrap">
                {page.title}
              </th>
              <td class="wrap">
                <a href={`${statusUrl}/s/${page.slug}`}>/s/{page.slug}</a>
              </td>
              <td class="num">{page.monitorIds.length}</td>
              <td>
                <Time at={page.updatedAt} />
              </td>
              <td>
                <div class="row">
                  <a class="btn" href={`/status-pages/${page.id}/edit`}>
                    Edit
                  </a>
                  <a class="btn" href={`/status-pages/${page.id}/delete`}>
                    Delete
                  </a>
                </div>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Dashboard>
  )
}
