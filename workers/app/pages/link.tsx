import type { AccountView, IdentityView } from '../../../shared/contracts/account.ts'
import { Icon } from './components/icon.tsx'
import { markOf } from './components/icon-names.ts'
import { pathWith } from './components/link.tsx'
import { Dashboard, Plain, type Viewer } from './shells.tsx'

/** What an account at a provider is called: the address that is verified there, or else the name. */
export const accountAt = ({ name, email }: Pick<IdentityView, 'name' | 'email'>): string => email ?? name

interface LinkProps {
  viewer: Viewer
  account: AccountView
  /** The provider's name. */
  provider: string
  /** Where it asks the person. */
  authorize: string
}

/** What linking means, before anybody leaves for the provider. */
export function LinkPage({ viewer, account, provider, authorize }: LinkProps) {
  return (
    <Dashboard title={`Link ${provider}`} viewer={viewer} current="/account">
      <div class="stack">
        <h1 class="wrap">Link {provider}?</h1>
        <p class="lead wrap">
          You are signed in as {account.name}, {account.email}. {provider} asks which account you want to link. Whoever
          can sign in with that account can sign in as you from then on.
        </p>
        <p class="muted wrap">
          Your name and your address here stay as they are. When you sign in with the linked account, invitations to the
          address that {provider} has verified for it are yours to accept.
        </p>
      </div>
      <div class="row">
        <a class="btn btn-primary" href={authorize} rel="noreferrer">
          Continue to {provider}
        </a>
        <a class="btn" href="/account">
          Cancel
        </a>
      </div>
    </Dashboard>
  )
}

interface SignInAgainProps {
  viewer: Viewer
  ways: { id: string; name: string }[]
  /** What for: the beginning of a sentence. */
  why: string
  /** Where to come back to. */
  path: string
}

/** What changes who can sign in is for somebody who has just shown who they are. */
export function SignInAgainPage({ viewer, ways, why, path }: SignInAgainProps) {
  return (
    <Dashboard title="Sign in again" viewer={viewer} current="/account">
      <div class="stack">
        <h1>Sign in again</h1>
        <p class="lead wrap">
          {why} sign in once more{ways.length > 1 ? ' in one of these ways' : ''}. It is good for ten minutes, and you
          come back here.
        </p>
      </div>
      {ways.length === 0 ? <p>None of your ways to sign in is configured here any more.</p> : null}
      <div class="row">
        {ways.map(({ id, name }) => (
          <a class="btn" href={pathWith(`/sign-in/${id}`, { again: '1', return: path })}>
            <Icon name={markOf(id)} />
            Sign in with {name}
          </a>
        ))}
        <a class="btn" href="/account">
          Cancel
        </a>
      </div>
    </Dashboard>
  )
}

/** Nothing was linked: why, and the way back. */
export function NotLinkedPage({ provider, message }: { provider: string; message: string }) {
  return (
    <Plain title="Error: Not linked">
      <div class="stack answer">
        <h1 class="wrap">{provider} is not linked</h1>
        <p class="lead wrap">{message}</p>
        <p>
          <a class="btn btn-primary" href="/account#identities">
            Your account
          </a>
        </p>
      </div>
    </Plain>
  )
}
