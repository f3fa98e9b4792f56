import { Section } from './components/page-parts.tsx'
import { Prose } from './components/prose.tsx'
import { Plain } from './shells.tsx'

interface PrivacyProps {
  /** Host of this Candor. */
  host: string
  /** A `mailto:` or `https:` address of its operator. */
  contact: string
  /** docs/data.md, as markup. */
  stored: string
}

/** What is stored, why, how long, and how to get at it. The tables are docs/data.md itself. */
export function PrivacyPage({ host, contact, stored }: PrivacyProps) {
  return (
    <Plain title="Privacy" wide signIn>
      <div class="stack answer">
        <h1>Privacy</h1>
        <p class="lead">
          What Candor keeps of you, why, and for how long. The tables below are the same file that the people who change
          Candor work with.
        </p>
      </div>
      <Section id="in-short" title="In short">
        <ul class="stack-sm measure">
          <li>
            Your name, your verified e-mail address and the number by which your provider knows you. No password, no
            payment data.
          </li>
          <li>
            Two cookies, to sign in and to stay signed in. No analytics, no advertising, nothing from another site.
          </li>
          <li>
            Who changes something is named in the log of that workspace, apart from the entry, so that it can be erased
            without breaking the log.
          </li>
          <li>
            Whom data goes to stands under <a href="/subprocessors">Subprocessors</a>.
          </li>
          <li class="wrap">
            Whoever runs this Candor, <strong>{host}</strong>, answers for it. Write to{' '}
            <a href={contact}>{contact.replace(/^mailto:/, '')}</a>.
          </li>
        </ul>
      </Section>
      <Section id="export-and-erase" title="Export and erase">
        <ul class="stack-sm measure">
          <li>
            The log of your own account, with your sign-ins and sessions: <a href="/account/log">Your account, Log</a>,
            as a file that can be verified offline.
          </li>
          <li>
            A whole workspace, without its secrets: <a href="/settings">Settings, Copy</a>, as one file. Its log:{' '}
            <a href="/audit-logs">Audit log</a>, as NDJSON or CSV, on the plan “pro”.
          </li>
          <li>
            Your name and addresses in the log of a workspace that you have left: its owner erases them, on the page of
            a former member.
          </li>
          <li>
            A workspace and your account can be deleted: <a href="/settings">Settings</a> and{' '}
            <a href="/account">Your account</a>. They stop at once, can be kept for seven days, and are gone then; the
            page that asks you says what stays, and until when.
          </li>
        </ul>
      </Section>
      <Section id="stored" title="What is stored">
        <Prose html={stored} />
      </Section>
    </Plain>
  )
}
