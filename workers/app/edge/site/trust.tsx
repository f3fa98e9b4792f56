import type { Context, Hono } from 'hono'
import { DOCUMENTS } from '../../../../dist/documents.js'
import { type AtomFeed, atomFeed } from '../../../../shared/domain/atom.ts'
import { CHAPTERS } from '../../../../shared/trust/claims.ts'
import { NOT_PINNED, SUBPROCESSOR_CHANGES, SUBPROCESSORS } from '../../../../shared/trust/subprocessors.ts'
import { configOf } from '../../bindings.ts'
import { ChangelogPage } from '../../pages/changelog.tsx'
import { DocPage, DocsPage } from '../../pages/docs.tsx'
import { PrivacyPage } from '../../pages/privacy.tsx'
import { SecurityPage } from '../../pages/security.tsx'
import { SubprocessorsPage } from '../../pages/subprocessors.tsx'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { usesOf } from './uses.ts'

type C = Context<Edge>

/** The same for everybody, until the next deploy. */
const MINUTES = 'public, max-age=300'

function publicPage(c: C, content: Parameters<typeof page>[1]): Response {
  c.header('cache-control', MINUTES)
  return page(c, content)
}

/** A feed of a page of ours: `/changelog` has `/changelog.atom`. */
function feed(c: C, path: string, content: Pick<AtomFeed, 'title' | 'entries'>): Response {
  const { publicUrl } = configOf(c.env)
  const at = `${publicUrl}${path}`
  const entries = content.entries.map((entry) => ({ ...entry, id: `${at}#${entry.id}` }))
  const xml = atomFeed({ ...content, entries, self: `${at}.atom`, page: at, author: 'Candor' })
  return c.body(xml, 200, { 'content-type': 'application/atom+xml; charset=utf-8', 'cache-control': MINUTES })
}

function security(c: C): Response {
  const { securityContact } = configOf(c.env)
  return publicPage(c, <SecurityPage contact={securityContact} chapters={CHAPTERS} documents={DOCUMENTS} />)
}

function privacy(c: C): Response {
  const { securityContact, publicUrl } = configOf(c.env)
  const { host } = new URL(publicUrl)
  return publicPage(c, <PrivacyPage host={host} contact={securityContact} stored={DOCUMENTS.stored} />)
}

const subprocessors = (c: C): Response =>
  publicPage(
    c,
    <SubprocessorsPage
      services={SUBPROCESSORS}
      changes={SUBPROCESSOR_CHANGES}
      notPinned={NOT_PINNED}
      uses={usesOf(c.env)}
    />,
  )

const subprocessorsFeed = (c: C): Response =>
  feed(c, '/subprocessors', {
    title: 'Changes of Candor’s subprocessors',
    entries: SUBPROCESSOR_CHANGES.map(({ date, text }) => ({
      id: `change-${date}`,
      title: `Subprocessors, ${date}`,
      updated: date,
      html: `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`,
    })),
  })

const changelogFeed = (c: C): Response =>
  feed(c, '/changelog', {
    title: 'Versions of Candor',
    entries: DOCUMENTS.releases.flatMap(({ id, name, date, html }) =>
      date === null ? [] : { id, title: `Candor ${name}`, updated: date, html },
    ),
  })

function showDoc(c: C): Response | Promise<Response> {
  const doc = DOCUMENTS.docs.find(({ path }) => path === c.req.path)
  return doc ? publicPage(c, <DocPage doc={doc} />) : c.notFound()
}

/** What Candor says about itself in public: claims with their proofs, whom data goes to, what is kept, what changed. */
export function trustRoutes(app: Hono<Edge>): void {
  app.get('/security', security)
  app.get('/privacy', privacy)
  app.get('/subprocessors', subprocessors)
  app.get('/subprocessors.atom', subprocessorsFeed)
  app.get('/changelog', (c) => publicPage(c, <ChangelogPage releases={DOCUMENTS.releases} />))
  app.get('/changelog.atom', changelogFeed)
  app.get('/docs', (c) => publicPage(c, <DocsPage docs={DOCUMENTS.docs} />))
  for (const path of ['/docs/:name', '/docs/adr/:name']) app.get(path, showDoc)
}
