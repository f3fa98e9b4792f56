import type { Child } from 'hono/jsx'
import { DOCUMENTS } from '../../dist/documents.js'
import { CHAPTERS } from '../../shared/trust/claims.ts'
import { NOT_PINNED, SUBPROCESSOR_CHANGES, SUBPROCESSORS } from '../../shared/trust/subprocessors.ts'
import { ChangelogPage } from '../../workers/app/pages/changelog.tsx'
import { DocPage, DocsPage } from '../../workers/app/pages/docs.tsx'
import { PrivacyPage } from '../../workers/app/pages/privacy.tsx'
import { SecurityPage } from '../../workers/app/pages/security.tsx'
import { SubprocessorsPage } from '../../workers/app/pages/subprocessors.tsx'
import type { Say } from './fixtures.ts'

/** What Candor says about itself. All that comes from elsewhere is what the operator has configured. */
export function trustPages(say: Say): [string, Child][] {
  const contact = 'mailto:security@candor.test'
  const uses = {
    services: new Set(['cloudflare', 'github']),
    others: [{ what: say('To Company'), host: say('login.test') }],
  }
  const subprocessors = { services: SUBPROCESSORS, changes: SUBPROCESSOR_CHANGES, notPinned: NOT_PINNED }
  return [
    ['security', <SecurityPage contact={contact} chapters={CHAPTERS} documents={DOCUMENTS} />],
    ['subprocessors', <SubprocessorsPage {...subprocessors} uses={uses} />],
    ['subprocessors-none', <SubprocessorsPage {...subprocessors} uses={{ services: new Set(), others: [] }} />],
    ['privacy', <PrivacyPage host={say('candor.test')} contact={contact} stored={DOCUMENTS.stored} />],
    ['changelog', <ChangelogPage releases={DOCUMENTS.releases} />],
    ['docs', <DocsPage docs={DOCUMENTS.docs} />],
    ...DOCUMENTS.docs.map((doc): [string, Child] => [doc.path.slice(1).replaceAll('/', '-'), <DocPage doc={doc} />]),
  ]
}
