/** Somebody else's service that Candor hands data to. */
export interface Subprocessor {
  id: string
  service: string
  /** When it is used at all. */
  when: string
  purpose: string
  data: string
  region: string
  safeguard: string
  /** UTC day since which Candor can use it, as 2026-11-25. */
  since: string
  /** Hosts that it is reached at. */
  hosts: string[]
  /** What wrangler.toml binds of it: names of its tables. */
  bindings: string[]
  /** The mail driver that it stands behind. */
  mailDriver?: string
}

export const SUBPROCESSORS: Subprocessor[] = [
  {
    id: 'cloudflare',
    service: 'Cloudflare, the platform',
    when: 'Always, but for an instance on a machine of its operator’s own',
    purpose: 'Runs Candor: Workers, D1, Durable Objects, Queues, static files, logs of the Workers',
    data: 'Everything that Candor stores, and every request with its IP address',
    region:
      'Durable Objects: the EU, as configured by default. D1 and the queues: where they were made, which our guide does in the EU. Handling of requests, and logs: wherever Cloudflare does it',
    safeguard:
      'Cloudflare’s data processing addendum. Credentials are sealed before they are stored; log lines hold none',
    since: '2026-11-24',
    hosts: [],
    bindings: [
      'assets',
      'd1_databases',
      'durable_objects',
      'queues',
      'ratelimits',
      'services',
      'triggers',
      'observability',
    ],
  },
  {
    id: 'cloudflare-dns',
    service: 'Cloudflare, the DNS resolver',
    when: 'Unless the operator names another resolver (DOH_URL)',
    purpose:
      'Resolves names of monitored servers, receivers and checked URLs, so that private addresses can be refused',
    data: 'Host names of monitors, of webhooks and of URLs that anybody checks; not whose they are',
    region: 'Not pinned',
    safeguard: 'Over HTTPS, from the probe, which has no other data',
    since: '2026-11-24',
    hosts: ['cloudflare-dns.com'],
    bindings: [],
  },
  {
    id: 'cloudflare-email',
    service: 'Cloudflare, the Email Service',
    when: 'Where mails go by it (MAIL_DRIVER "cloudflare")',
    purpose: 'Delivers mails',
    data: 'Address, subject and text of each mail',
    region: 'Not pinned',
    safeguard: 'Cloudflare’s data processing addendum. A mail holds no secret',
    since: '2026-11-25',
    hosts: [],
    bindings: ['send_email'],
    mailDriver: 'cloudflare',
  },
  {
    id: 'resend',
    service: 'Resend',
    when: 'Where mails go by it (MAIL_DRIVER "resend")',
    purpose: 'Delivers mails',
    data: 'Address, subject and text of each mail',
    region: 'United States: account data, metadata of mails and logs, whatever region mails are sent from',
    safeguard: 'Resend’s data processing addendum. A mail holds no secret',
    since: '2026-11-25',
    hosts: ['api.resend.com'],
    bindings: [],
    mailDriver: 'resend',
  },
  {
    id: 'github',
    service: 'GitHub',
    when: 'For those who sign in with it, where it is configured',
    purpose: 'Says who somebody is',
    data: 'That they sign in to Candor. Candor reads their number, name and e-mail addresses',
    region: 'Not pinned',
    safeguard: 'Chosen by the person. The access token is used once and not kept',
    since: '2026-11-24',
    hosts: ['github.com', 'api.github.com'],
    bindings: [],
  },
  {
    id: 'google',
    service: 'Google',
    when: 'For those who sign in with it, where it is configured',
    purpose: 'Says who somebody is',
    data: 'That they sign in to Candor. Candor reads their number, name and e-mail address',
    region: 'Not pinned',
    safeguard: 'Chosen by the person. The access token is not used and not kept',
    since: '2026-11-24',
    hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com'],
    bindings: [],
  },
]

/** What is not bound to the European Union, whatever is configured. */
export const NOT_PINNED =
  'Not pinned to the European Union are: where Cloudflare handles requests and keeps the logs of its Workers; the DNS resolver; mail services; GitHub and Google. Of what Candor stores, Durable Objects are bound to the EU by configuration, which is the default; D1 and the queues are where whoever runs Candor has made them.'

export interface SubprocessorChange {
  /** UTC day. */
  date: string
  /** Ids of the services that came or went. */
  services: string[]
  what: 'added' | 'removed' | 'changed'
  text: string
}

/** Newest first. The feed is made of these. */
export const SUBPROCESSOR_CHANGES: SubprocessorChange[] = [
  {
    date: '2026-11-25',
    services: ['cloudflare-email', 'resend'],
    what: 'added',
    text: 'Mails can leave by Cloudflare’s Email Service or by Resend, where the operator sets one of them up.',
  },
  {
    date: '2026-11-24',
    services: ['cloudflare', 'cloudflare-dns', 'github', 'google'],
    what: 'added',
    text: 'The first list: Cloudflare as the platform and as the DNS resolver; GitHub and Google for those who sign in with them.',
  },
]
