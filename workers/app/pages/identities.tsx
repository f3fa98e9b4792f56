import type { AccountView, IdentityView } from '../../../shared/contracts/account.ts'
import { Icon } from './components/icon.tsx'
import { markOf } from './components/icon-names.ts'
import { Section } from './components/page-parts.tsx'
import { Badge } from './components/status.tsx'
import { type Column, Table } from './components/table.tsx'
import { Ago, Time } from './components/time.tsx'
import { accountAt } from './link.tsx'

/** Names of the ways to sign in, by their ids. */
export type ProviderNames = ReadonlyMap<string, string>

interface IdentitiesProps {
  account: AccountView
  providers: ProviderNames
  /** How many ways to sign in one may have. */
  limit: number
  now: number
}

function Provider({ identity, providers }: { identity: IdentityView; providers: ProviderNames }) {
  return (
    <>
      {providers.get(identity.provider) ?? identity.provider}{' '}
      {identity.current ? (
        <Badge tone="up" icon="up">
          This session
        </Badge>
      ) : null}
      <span class="small muted below"> {identity.issuer}</span>
    </>
  )
}

const columnsOf = ({ account, providers, now }: IdentitiesProps): Column<IdentityView>[] => [
  { title: 'Provider', kind: 'head', show: (identity) => <Provider identity={identity} providers={providers} /> },
  {
    title: 'Account there',
    kind: 'text',
    show: (identity) => (
      <>
        {accountAt(identity)}
        {identity.email === null ? <span class="small muted below"> no verified address</span> : null}
      </>
    ),
  },
  { title: 'Since', show: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Last used', show: ({ lastUsedAt }) => <Ago at={lastUsedAt} now={now} narrow /> },
  {
    title: 'Actions',
    kind: 'actions',
    show: ({ id }) =>
      account.identities.length === 1 ? (
        <span class="small muted">The only way in</span>
      ) : (
        <a class="btn btn-sm" href={`/account/identities/${id}/unlink`}>
          Unlink
        </a>
      ),
  },
]

/** In which ways one signs in, and in which others one could. */
export function Identities(props: IdentitiesProps) {
  const { account, providers, limit } = props
  const { identities, email } = account
  return (
    <Section id="identities" title="How you sign in">
      <Table caption="Ways to sign in" columns={columnsOf(props)} rows={identities} />
      {identities.length < limit ? (
        <div class="row">
          {[...providers].map(([id, name]) => (
            <a class="btn" href={`/account/link/${id}`}>
              <Icon name={markOf(id)} />
              Link a {name} account
            </a>
          ))}
        </div>
      ) : (
        <p class="muted">You have {limit} ways to sign in, and cannot have more. Unlink one first.</p>
      )}
      <p class="small muted wrap">
        Your name and address, {email}, are what your first provider said when this account was made; linking, unlinking
        and a change at a provider leave them as they are. The address is how we reach you, and never who you are.
        Invitations go by the address that your provider had verified when you signed in.
      </p>
    </Section>
  )
}
