import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../../scripts/lib/settings.ts'
import { SUBPROCESSOR_CHANGES, SUBPROCESSORS } from '../../shared/trust/subprocessors.ts'

/** Hosts that stand in the code and that nothing is sent to, each with its reason. */
const NOWHERE: Record<string, string> = {
  localhost: 'this machine',
  '127.0.0.1': 'this machine',
  probe: 'a name in a service binding: no host',
  mailbox: 'a name in a service binding: no host',
  'example.com': 'an example in a text',
  'candor.example.com': 'an example in a text',
  'status.example.com': 'an example in a text',
  'candor.example': 'an example in a text',
  'login.example.com': 'an example in a text',
  'github.example.com': 'an example in a text',
  'witness.example': 'an example in a text',
  'acme.example': 'a made-up name on the page of the components',
  'shop.acme.example': 'a made-up name on the page of the components',
  'status.acme.example': 'a made-up name on the page of the components',
  'resend.com': 'a link to documentation; the API is another host',
  'docs.github.com': 'a link to documentation',
  'developers.cloudflare.com': 'a link to documentation',
  'owasp.org': 'a link on a page, which nothing is loaded from',
  'www.w3.org': 'the name of a namespace',
}

/** Files that send requests out, and where the page says so. */
const SENDERS: Record<string, string> = {
  'workers/probe/address-guard.ts': 'cloudflare-dns',
  'workers/probe/http.ts': 'monitored servers',
  'workers/probe/send.ts': 'receivers of integrations',
  'workers/app/mail/resend.ts': 'resend',
  'workers/app/deployment-log/ask-witness.ts': 'the witness',
  'workers/app/edge/sign-in/bounded-fetch.ts': 'identity providers',
  'workers/app/edge/sign-in/discovery.ts': 'identity providers',
  'workers/app/edge/sign-in/profile.ts': 'identity providers',
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|toml)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Everything that runs, what configures it, and what the guide has operators configure. */
const FILES = [...['workers', 'shared', 'scripts'].flatMap(filesOf), 'wrangler.toml', 'docs/self-hosting.md'].filter(
  (file) => !file.startsWith('shared/trust/'),
)

const hostsIn = (text: string): string[] =>
  [...text.matchAll(/\bhttps?:\/\/([a-z0-9][a-z0-9.-]*[a-z0-9])/gi)].map(([, host = '']) => host.toLowerCase())

const LISTED = SUBPROCESSORS.flatMap(({ hosts }) => hosts)

describe('the list of subprocessors', () => {
  test('has every host that stands in code or configuration, or it is known that nothing is sent there', () => {
    const unknown = FILES.flatMap((file) =>
      hostsIn(read(file))
        .filter((host) => !LISTED.includes(host) && !(host in NOWHERE))
        .map((host) => `${file}: ${host}`),
    )
    expect(FILES.length).toBeGreaterThan(200)
    expect([...new Set(unknown)]).toEqual([])
  })

  test('has no host that stands nowhere any more, and no host twice', () => {
    const all = new Set(FILES.flatMap((file) => hostsIn(read(file))))
    expect(LISTED.filter((host) => !all.has(host))).toEqual([])
    expect(Object.keys(NOWHERE).filter((host) => !all.has(host) || LISTED.includes(host))).toEqual([])
    expect(new Set(LISTED).size).toBe(LISTED.length)
  })

  test('has every binding of the Workers', () => {
    const tables = ['wrangler.toml', 'workers/probe/wrangler.toml'].flatMap((file) =>
      [...read(file).matchAll(/^(?:# )?\[\[?([a-z0-9_]+)/gm)].map(([, name = '']) => name),
    )
    // Neither is a service: plain values, steps of a deploy, and how the bundle is built.
    const bound = new Set(tables.filter((name) => !['vars', 'migrations', 'build'].includes(name)))
    expect([...bound].toSorted()).toEqual(SUBPROCESSORS.flatMap(({ bindings }) => bindings).toSorted())
  })

  test('has every way that mails leave', () => {
    const drivers = filesOf('workers/app/mail').flatMap((file) =>
      [...read(file).matchAll(/^export const (\w+)Driver\b/gm)].map(([, name = '']) => name),
    )
    const known = SUBPROCESSORS.flatMap(({ mailDriver }) => mailDriver ?? [])
    // The local one is a folder of this machine.
    expect(drivers.filter((name) => name !== 'local').toSorted()).toEqual(known.toSorted())
  })

  test('knows every file of the Workers that sends requests out', () => {
    const OUT = /(?<![.\w])fetch\((?!request, env)|\boauth\.(?:\w+Request|validateApplicationLevelSignature)\(/
    const senders = filesOf('workers').filter((file) => OUT.test(read(file)))
    expect(senders.toSorted()).toEqual(Object.keys(SENDERS).toSorted())
  })
})

describe('the changes of the list', () => {
  test('say since when each service is in it', () => {
    for (const { id, since } of SUBPROCESSORS) {
      const [last] = SUBPROCESSOR_CHANGES.filter(({ services, what }) => services.includes(id) && what !== 'changed')
      expect([id, last?.date, last?.what]).toEqual([id, since, 'added'])
    }
  })

  test('have a day each, newest first, and are about services that are or were in it', () => {
    const days = SUBPROCESSOR_CHANGES.map(({ date }) => date)
    expect(days).toEqual([...new Set(days)].toSorted().toReversed())
    for (const day of days) expect(day).toMatch(/^20\d\d-\d\d-\d\d$/)
    const gone = SUBPROCESSOR_CHANGES.filter(({ what }) => what === 'removed').flatMap(({ services }) => services)
    const known = [...SUBPROCESSORS.map(({ id }) => id), ...gone]
    for (const { services } of SUBPROCESSOR_CHANGES) for (const id of services) expect(known).toContain(id)
  })
})
