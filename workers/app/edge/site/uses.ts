import { SUBPROCESSORS } from '../../../../shared/trust/subprocessors.ts'
import { configOf, type Env, type IdentityProvider } from '../../bindings.ts'
import type { Uses } from '../../pages/subprocessors.tsx'

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : '')

const hostsOf = ({ issuer, authorizeUrl, tokenUrl, jwksUrl, userUrl, emailsUrl }: IdentityProvider): string[] =>
  [issuer, authorizeUrl, tokenUrl, jwksUrl, userUrl, emailsUrl].map((address) => hostOf(address ?? '')).filter(Boolean)

const behind = (hosts: string[]) => SUBPROCESSORS.find((service) => service.hosts.some((host) => hosts.includes(host)))

/** Which services this Candor is configured to hand data to. Never a secret: hosts, and names that people see anyway. */
export function usesOf(env: Env): Uses {
  const { production, providers, witness } = configOf(env)
  const mail = SUBPROCESSORS.find(({ mailDriver }) => mailDriver === env.MAIL_DRIVER)
  const resendHost = env.MAIL_DRIVER === 'resend' && env.RESEND_URL ? hostOf(env.RESEND_URL) : ''
  const used = [
    ...(production ? ['cloudflare'] : []),
    'cloudflare-dns',
    ...(mail ? [mail.id] : []),
    ...providers.flatMap((provider) => behind(hostsOf(provider))?.id ?? []),
  ]
  const others = [
    ...providers
      .filter((provider) => !behind(hostsOf(provider)))
      .map((provider) => ({ what: `To ${provider.name}, which signs people in`, host: hostsOf(provider)[0] ?? '' })),
    ...(witness ? [{ what: 'To a witness: heads and hashes of the deployment log', host: hostOf(witness.url) }] : []),
    ...(resendHost ? [{ what: 'Mails, by an address of its own', host: resendHost }] : []),
  ]
  return { services: new Set(used), others }
}
