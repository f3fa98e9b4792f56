import { Plain } from './shells.tsx'

interface SignInProps {
  providers: { id: string; name: string }[]
  error?: string
}

export function SignInPage({ providers, error }: SignInProps) {
  return (
    <Plain title={error === undefined ? 'Sign in' : 'Error: Sign in'}>
      <h1>Sign in</h1>
      {error === undefined ? null : (
        <section class="summary stack" role="alert" aria-labelledby="problem">
          <h2 id="problem">You are not signed in</h2>
          <p>{error}</p>
        </section>
      )}
      <div class="stack">
        {providers.map(({ id, name }) => (
          <p>
            <a class="btn" href={`/sign-in/${id}`}>
              {error === undefined ? 'Sign in' : 'Try again'} with {name}
            </a>
          </p>
        ))}
      </div>
      <section class="stack">
        <h2>What is read</h2>
        <p>
          Your name and your verified e-mail address, and the number by which the provider knows you. There is no
          password here, and what the provider hands over to let Candor read this is not kept.
        </p>
        <p>The first time you sign in, a workspace is made for you.</p>
      </section>
    </Plain>
  )
}
