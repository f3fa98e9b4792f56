import { Plain } from './shells.tsx'

export function LandingPage() {
  return (
    <Plain title="Uptime monitoring you can check">
      <section class="hero stack">
        <h1>Uptime monitoring whose security you can check</h1>
        <p class="lead">
          Candor watches your sites, tells you when they fail, and shows it on a public page. Every change, by a person,
          a key or Candor itself, is an entry in an append-only audit log.
        </p>
        <p>
          <a class="btn btn-primary" href="/sign-in">
            Sign in
          </a>
        </p>
      </section>
      <section class="stack">
        <h2>What it does</h2>
        <ul>
          <li>
            HTTP checks from every 30 seconds; an incident opens after three failed attempts and resolves after two good
            ones.
          </li>
          <li>Signed webhooks, delivered at least once, with a trail of what the receiver said.</li>
          <li>Public status pages with ninety days, in one request and without JavaScript.</li>
          <li>API keys whose scope is decided before any database is asked.</li>
          <li>Credentials sealed with AES-GCM under keys that are not in the database, and never shown again.</li>
        </ul>
      </section>
    </Plain>
  )
}
