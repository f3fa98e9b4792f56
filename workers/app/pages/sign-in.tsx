import { Icon } from './components/icon.tsx'
import { markOf } from './components/icon-names.ts'
import { pathWith } from './components/link.tsx'
import { Plain } from './shells.tsx'

interface SignInProps {
  providers: Way[]
  error?: string
  /** Where to go afterwards: a path of ours. */
  returnTo?: string
  /** The address is somebody's here: with what they sign in first, where known, and where this one is linked then. */
  link?: { first: Way[]; path: string }
}

interface Way {
  id: string
  name: string
}

function ToLink({ first, path }: NonNullable<SignInProps['link']>) {
  if (first.length === 0) return null
  return (
    <div class="row">
      {first.map((way) => (
        <a class="btn" href={pathWith(`/sign-in/${way.id}`, { again: '1', return: path })}>
          <Icon name={markOf(way.id)} />
          Sign in with {way.name} to link it
        </a>
      ))}
    </div>
  )
}

export function SignInPage({ providers, error, returnTo, link }: SignInProps) {
  const next = link?.first.length === 0 ? link.path : returnTo
  return (
    <Plain title={error === undefined ? 'Sign in' : 'Error: Sign in'}>
      <h1>Sign in</h1>
      {error === undefined ? null : (
        <section class="summary stack-sm" role="alert" aria-labelledby="problem">
          <h2 id="problem">You are not signed in</h2>
          <p class="wrap">{error}</p>
          {link === undefined ? null : <ToLink {...link} />}
        </section>
      )}
      <ul class="plain narrow stack-sm">
        {providers.map(({ id, name }) => (
          <li>
            <a class="btn" href={pathWith(`/sign-in/${id}`, { return: next })}>
              <Icon name={markOf(id)} />
              {error === undefined ? 'Sign in' : 'Try again'} with {name}
            </a>
          </li>
        ))}
      </ul>
      {providers.length === 0 ? <p>No way to sign in is configured here.</p> : null}
      <section class="stack" aria-labelledby="read">
        <h2 id="read">What is read</h2>
        <p>
          Your name, your verified e-mail address, and the number by which the provider knows you. Nothing else is asked
          for: not your repositories, contacts, mail or calendar.
        </p>
        <p>
          There is no password here. What the provider hands over so that Candor can read this is not kept after you are
          signed in.
        </p>
        <p class="muted">The first time you sign in, a workspace is made for you, unless you come by an invitation.</p>
      </section>
    </Plain>
  )
}
