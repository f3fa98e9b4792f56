import { Icon } from './components/icon.tsx'
import type { IconName } from './components/icon-names.ts'
import { Plain } from './shells.tsx'

const CLAIMS: { icon: IconName; title: string; text: string }[] = [
  {
    icon: 'activity',
    title: 'Checks over HTTP',
    text: 'As often as every 30 seconds. An incident opens after three failed attempts and resolves after two good ones, and the answer that was seen is kept with it.',
  },
  {
    icon: 'bell',
    title: 'Signed webhooks',
    text: 'Delivered at least once, signed so that the receiver can tell who sent them, with a record of what it answered.',
  },
  {
    icon: 'layout',
    title: 'Public status pages',
    text: 'The answer first and ninety days below it, in one request and without JavaScript. What is not known is grey.',
  },
  {
    icon: 'key',
    title: 'Scoped API keys',
    text: 'Read, or read and write. The scope is decided before any database is asked.',
  },
  {
    icon: 'book',
    title: 'An append-only audit log',
    text: 'Every change, by a person, a key or Candor itself, is committed together with its entry. The database refuses to change an entry or to take one out.',
  },
  {
    icon: 'lock',
    title: 'Sealed credentials',
    text: 'Headers, bodies and webhook addresses are sealed with AES-GCM under keys that are not in the database, and never shown again.',
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
        <p class="row">
          <a class="btn btn-primary" href="/sign-in">
            Sign in
          </a>
          <a href="/security">Each claim, and the test that shows it</a>
        </p>
      </section>
      <section class="stack" aria-labelledby="what">
        <h2 id="what">What it does, and what that rests on</h2>
        <ul class="plain claims">
          {CLAIMS.map(({ icon, title, text }) => (
            <li class="stack-sm">
              <Icon name={icon} />
              <h3>{title}</h3>
              <p class="muted">{text}</p>
            </li>
          ))}
        </ul>
      </section>
    </Plain>
  )
}
