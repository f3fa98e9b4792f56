import type { Chapter, Claim, Proof } from '../../../shared/trust/claim.ts'
import { commandOf } from '../../../shared/trust/command.ts'
import type { AsvsFigures, Documents } from '../../../shared/trust/document.ts'
import { Code, Section } from './components/page-parts.tsx'
import { Prose } from './components/prose.tsx'
import { Parts } from './components/site-foot.tsx'
import { type Column, Table } from './components/table.tsx'
import { Plain } from './shells.tsx'

interface SecurityProps {
  /** Where to write: a `mailto:` or `https:` address of the operator. */
  contact: string
  chapters: Chapter[]
  documents: Pick<Documents, 'policy' | 'forgery' | 'asvs'>
}

function ProofLine({ proof }: { proof: Proof }) {
  return (
    <li class="wrap">
      {proof.test} <span class="muted below">{proof.file}</span>
    </li>
  )
}

function ClaimItem({ claim: { id, sentence, how, proofs } }: { claim: Claim }) {
  return (
    <li id={`claim-${id}`} class="stack-sm">
      <h3>{sentence}</h3>
      <p class="muted">{how}</p>
      <details>
        <summary>{proofs.length === 1 ? 'The test that shows it' : `The ${proofs.length} tests that show it`}</summary>
        <ul class="small stack-sm">
          {proofs.map((proof) => (
            <ProofLine proof={proof} />
          ))}
        </ul>
        <Code>{proofs.map(commandOf).join('\n')}</Code>
      </details>
    </li>
  )
}

function ChapterPart({ chapter: { id, title, claims } }: { chapter: Chapter }) {
  return (
    <Section id={id} title={title}>
      <ul class="plain card">
        {claims.map((claim) => (
          <ClaimItem claim={claim} />
        ))}
      </ul>
    </Section>
  )
}

const ASVS_COLUMNS: Column<AsvsFigures>[] = [
  { title: 'Level', kind: 'head', show: ({ level }) => `Level ${level}` },
  { title: 'Met', kind: 'num', show: ({ met }) => met },
  { title: 'Not met', kind: 'num', show: ({ notMet }) => notMet },
  { title: 'Not applicable', kind: 'num', show: ({ notApplicable }) => notApplicable },
  { title: 'Not assessed', kind: 'num', show: ({ notAssessed }) => notAssessed },
]

function Asvs({ figures }: { figures: AsvsFigures[] }) {
  return (
    <Section id="asvs" title="OWASP ASVS 5.0">
      <p>
        The requirements of the{' '}
        <a href="https://owasp.org/www-project-application-security-verification-standard/" rel="noopener noreferrer">
          Application Security Verification Standard
        </a>
        , assessed by us and by nobody else. Each stands in <code>docs/asvs.json</code> with its proof or the reason; a
        test fails when a proof is not there.
      </p>
      <Table caption="Requirements of OWASP ASVS 5.0 by level and state" columns={ASVS_COLUMNS} rows={figures} />
    </Section>
  )
}

/** What Candor claims, how it works, and the test that shows it. */
export function SecurityPage({ contact, chapters, documents }: SecurityProps) {
  const claims = chapters.flatMap((chapter) => chapter.claims)
  const parts = [
    ...chapters.map(({ id, title }) => ({ id, text: title })),
    { id: 'who-can-forge-what', text: 'Who can forge what' },
    { id: 'asvs', text: 'OWASP ASVS' },
    { id: 'reports', text: 'Report a vulnerability' },
  ]
  return (
    <Plain title="Security" wide signIn>
      <div class="stack answer">
        <h1>Security</h1>
        <p class="lead">
          {claims.length} claims, each with how it works and the tests that show it. A claim whose tests did not run, or
          did not pass, stops the build. What is not shown by a test is not claimed.
        </p>
        <p>
          Found a hole? Write to <a href={contact}>{contact.replace(/^mailto:/, '')}</a>. A person answers within three
          business days. <a href="#reports">How to report it, what is in scope, and safe harbour.</a>
        </p>
        <Parts parts={parts} />
      </div>
      {chapters.map((chapter) => (
        <ChapterPart chapter={chapter} />
      ))}
      <Section id="who-can-forge-what" title="Who can forge what">
        <Prose html={documents.forgery} />
      </Section>
      <Asvs figures={documents.asvs} />
      <Section id="reports" title="Reports, scope and safe harbour">
        <Prose html={documents.policy} />
      </Section>
    </Plain>
  )
}
