import type { Subprocessor, SubprocessorChange } from '../../../shared/trust/subprocessors.ts'
import { Section } from './components/page-parts.tsx'
import { type Column, Table } from './components/table.tsx'
import { Day } from './components/time.tsx'
import { Plain } from './shells.tsx'

/** What this very Candor is configured to use. */
export interface Uses {
  /** Ids of services. */
  services: Set<string>
  /** Whom else the operator has configured: a name, and the host that it is reached at. */
  others: { what: string; host: string }[]
}

interface SubprocessorsProps {
  services: Subprocessor[]
  changes: SubprocessorChange[]
  notPinned: string
  uses: Uses
}

const columns = ({ services }: Uses): Column<Subprocessor>[] => [
  {
    title: 'Service',
    kind: 'head',
    show: ({ service, when, id }) => (
      <>
        <span id={id}>{service}</span>
        <div class="small muted">{when}</div>
      </>
    ),
  },
  { title: 'Used here', show: ({ id }) => (services.has(id) ? 'Yes' : 'No') },
  { title: 'Purpose', show: ({ purpose }) => purpose },
  { title: 'Data', show: ({ data }) => data },
  { title: 'Region', show: ({ region }) => region },
  { title: 'Safeguard', show: ({ safeguard }) => safeguard },
  { title: 'Since', show: ({ since }) => <Day day={since} /> },
]

function Others({ others }: Pick<Uses, 'others'>) {
  return (
    <Section id="others" title="Where else data goes">
      <ul class="stack-sm">
        <li>To the servers that a workspace monitors: the request that was set up.</li>
        <li>To the receivers of a workspace’s integrations: what happened to which monitor.</li>
        {others.map(({ what, host }) => (
          <li class="wrap">
            {what}, at <code>{host}</code>. The operator of this Candor has configured it.
          </li>
        ))}
      </ul>
      <p class="muted">
        What each of them is sent stands under <a href="/privacy#what-leaves-candor">Privacy</a>.
      </p>
    </Section>
  )
}

function Changes({ changes }: Pick<SubprocessorsProps, 'changes'>) {
  return (
    <Section id="changes" title="Changes" aside={<a href="/subprocessors.atom">Feed (Atom)</a>}>
      <ul class="plain timeline">
        {changes.map(({ date, text }) => (
          <li id={`change-${date}`}>
            <strong>
              <Day day={date} />
            </strong>{' '}
            {text}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Whom Candor hands data to. */
export function SubprocessorsPage({ services, changes, notPinned, uses }: SubprocessorsProps) {
  return (
    <Plain title="Subprocessors" wide signIn feed={{ href: '/subprocessors.atom', title: 'Changes of subprocessors' }}>
      <div class="stack answer">
        <h1>Subprocessors</h1>
        <p class="lead">
          Every service that Candor can hand data to, and whether this one does. A test holds the list to each host and
          each binding in code and configuration.
        </p>
      </div>
      <Table caption="Services that Candor hands data to" columns={columns(uses)} rows={services} />
      <Section id="region" title="What is not pinned to the EU">
        <p class="measure">{notPinned}</p>
      </Section>
      <Others others={uses.others} />
      <Changes changes={changes} />
    </Plain>
  )
}
