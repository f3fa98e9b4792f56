import { CheckForm } from './check.tsx'
import { Icon } from './components/icon.tsx'
import type { IconName } from './components/icon-names.ts'
import { Plain } from './shells.tsx'

interface Point {
  icon: IconName
  title: string
  text: string
  /** Where that is shown. */
  proof: { href: string; text: string }
}

const CLAIMS: Point[] = [
  {
    icon: 'activity',
    title: 'Checks over HTTP',
    text: 'As often as every 30 seconds. An incident opens after three failed attempts and resolves after two good ones, and the answer that was seen is kept with it.',
    proof: { href: '/security#claim-never-falsely-green', text: 'Why it is never falsely green' },
  },
  {
    icon: 'bell',
    title: 'Signed webhooks',
    text: 'Delivered at least once, signed so that the receiver can tell who sent them, with a record of what it answered.',
    proof: { href: '/security#claim-signed-webhooks', text: 'How a receiver can tell' },
  },
  {
    icon: 'layout',
    title: 'Public status pages',
    text: 'The answer first and ninety days below it, in one request and without JavaScript. What is not known is grey.',
    proof: { href: '/security#claim-no-scripts', text: 'What its policy forbids' },
  },
  {
    icon: 'key',
    title: 'Scoped API keys',
    text: 'Read, or read and write. The scope is decided before any database is asked.',
    proof: { href: '/security#claim-scope', text: 'How a scope is held to' },
  },
  {
    icon: 'book',
    title: 'An append-only audit log',
    text: 'Every change, by a person, a key or Candor itself, is committed together with its entry. The database refuses to change an entry or to take one out.',
    proof: { href: '/docs/verification', text: 'Check an exported log yourself' },
  },
  {
    icon: 'lock',
    title: 'Sealed credentials',
    text: 'Headers, bodies and webhook addresses are sealed with AES-GCM under keys that are not in the database, and never shown again.',
    proof: { href: '/security#claim-sealed', text: 'What a stolen database holds' },
  },
]

const PROOFS = [
  {
    href: '/security',
    name: 'Every claim, with the tests that show it',
    text: 'and the commands with which you run them. A claim whose tests did not pass fails the build.',
  },
  {
    href: '/docs/verification',
    name: 'The verifier of the audit log',
    text: 'reads an export without us, on a machine without a network.',
  },
  {
    href: '/audit/deployment/checkpoint',
    name: 'The signed checkpoint of this Candor',
    text: 'is the head of a public log of all logs, which none can be taken out of unnoticed.',
  },
  {
    href: '/docs/threat-model',
    name: 'Who can do what, us included',
    text: 'and what Candor does not protect you from.',
  },
]

export function LandingPage() {
  return (
    <Plain title="Uptime monitoring you can check" wide signIn>
      <section class="hero stack">
        <h1>Uptime monitoring whose security you can check</h1>
        <p class="lead">
          Candor watches your sites, tells you when they fail, and says so on a public page. Whatever is changed, and by
          whom, is written into an append-only log.
        </p>
        <CheckForm state={{ values: {}, errors: [] }} />
        <p class="small muted">Three checks, made while you look. No account is needed.</p>
      </section>
      <section class="stack" aria-labelledby="what">
        <h2 id="what">What it does, and what that rests on</h2>
        <ul class="plain claims">
          {CLAIMS.map(({ icon, title, text, proof }) => (
            <li class="stack-sm">
              <Icon name={icon} />
              <h3>{title}</h3>
              <p class="muted">{text}</p>
              <p>
                <a href={proof.href}>{proof.text}</a>
              </p>
            </li>
          ))}
        </ul>
      </section>
      <section class="stack" aria-labelledby="proofs">
        <h2 id="proofs">Do not take our word for it</h2>
        <ul class="plain card">
          {PROOFS.map(({ href, name, text }) => (
            <li>
              <a href={href}>{name}</a> <span class="muted">{text}</span>
            </li>
          ))}
        </ul>
      </section>
    </Plain>
  )
}
