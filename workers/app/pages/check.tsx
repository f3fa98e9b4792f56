import { CheckTable } from './components/check-table.tsx'
import { ErrorSummary, type FormState, Input } from './components/form.tsx'
import { Icon } from './components/icon.tsx'
import { pathWith } from './components/link.tsx'
import { Banner } from './components/status.tsx'
import { Later } from './document.tsx'
import { Plain } from './shells.tsx'

/** The one field of the start page. `again`: beside something that matters more. */
export function CheckForm({ state, again }: { state: FormState; again?: boolean }) {
  return (
    <form class="form ask" method="get" action="/check" novalidate>
      <Input state={state} name="url" label={again ? 'Check another URL' : 'Check a URL'} inputmode="url" required />
      <button type="submit" class={again ? 'btn' : 'btn btn-primary'}>
        <Icon name="activity" />
        Check
      </button>
    </form>
  )
}

const WHAT_IT_DOES =
  'Three GET requests, one after the other, from where Candor runs: on the standard ports, with three redirects and five seconds at most. No account is needed, and what was answered is not kept.'

/** Before a check, and when it is refused. `led`: a link of somebody else’s has filled it in. */
export function CheckUrlPage({ state, led }: { state: FormState; led?: boolean }) {
  return (
    <Plain title="Check a URL" signIn failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={['url']} />
      <div class="stack answer">
        <h1>Check a URL</h1>
        <p class="lead">{WHAT_IT_DOES}</p>
      </div>
      {led ? (
        <Banner tone="pending" icon="pending">
          <p>You came here from another site, so nothing was asked yet. Check it if you want to.</p>
        </Banner>
      ) : null}
      <CheckForm state={state} />
      <p class="small muted">
        If you found <code>Candor-Check</code> in the log of a server: somebody has entered its address here. A host is
        checked five times a minute at most.
      </p>
    </Plain>
  )
}

/** A sign-in goes back to paths of at most 500 characters. */
const MAX_RETURN = 500

function watchPath(url: string): string {
  const start = pathWith('/start', { url })
  return pathWith('/sign-in', { return: start.length <= MAX_RETURN ? start : '/start' })
}

/** Checks as they are made: rows, and the answer, come later. */
export function CheckPage({ target, checks }: { target: URL; checks: number }) {
  return (
    <Plain title={`Check of ${target.host}`} signIn>
      <div class="stack answer">
        <h1 class="wrap">Check of {target.host}</h1>
        <p class="muted wrap">
          GET <code>{target.href}</code>, {checks} times in a row at most. Each check is a row as soon as it has ended.
        </p>
      </div>
      <div class="stack">
        <CheckTable caption={`Checks of ${target.host}`}>
          <Later />
        </CheckTable>
        <Later />
      </div>
      <p class="row">
        <a class="btn btn-primary" href={watchPath(target.href)}>
          Watch this
        </a>
        <span class="muted">Every minute, with an incident after three failures. You sign in first.</span>
      </p>
      <CheckForm state={{ values: {}, errors: [] }} again />
    </Plain>
  )
}
