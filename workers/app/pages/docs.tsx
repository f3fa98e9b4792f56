import type { ShownDocument } from '../../../shared/trust/document.ts'
import { Prose } from './components/prose.tsx'
import { Parts } from './components/site-foot.tsx'
import { Plain } from './shells.tsx'

const isDecision = ({ path }: ShownDocument): boolean => path.startsWith('/docs/adr/')

function List({ docs }: { docs: ShownDocument[] }) {
  return (
    <ul class="plain card">
      {docs.map(({ path, title, lead }) => (
        <li class="stack-sm">
          <h2>
            <a href={path}>{title}</a>
          </h2>
          <p class="muted wrap">{lead}</p>
        </li>
      ))}
    </ul>
  )
}

/** Everything in docs/, by its first paragraph. */
export function DocsPage({ docs }: { docs: ShownDocument[] }) {
  return (
    <Plain title="Docs" wide signIn>
      <div class="stack answer">
        <h1>Docs</h1>
        <p class="lead">The documents of the repository, as they are in the version that runs here.</p>
      </div>
      <List docs={docs.filter((doc) => !isDecision(doc))} />
    </Plain>
  )
}

/** One document. */
export function DocPage({ doc }: { doc: ShownDocument }) {
  return (
    <Plain title={doc.title} wide signIn>
      <div class="stack answer">
        <p class="small">
          <a href="/docs">Docs</a>
          {isDecision(doc) ? (
            <>
              {' '}
              · <a href="/docs/adr">Decisions</a>
            </>
          ) : null}
        </p>
        <h1 class="wrap">{doc.title}</h1>
        <Parts parts={doc.sections} />
      </div>
      <Prose html={doc.html} />
      <p class="small muted wrap">
        This is <code>{doc.file}</code> in the repository.
      </p>
    </Plain>
  )
}
