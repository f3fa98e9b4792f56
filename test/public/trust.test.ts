import { describe, expect, test } from 'vitest'
import { DOCUMENTS } from '../../dist/documents.js'
import { CLAIMS } from '../../shared/trust/claims.ts'
import { SUBPROCESSORS } from '../../shared/trust/subprocessors.ts'
import { askAt, deployed, PUBLIC, STATUS } from '../lib/deployment.ts'
import { textOf } from '../pages/render.ts'

const PAGES = [
  '/security',
  '/privacy',
  '/subprocessors',
  '/changelog',
  '/docs',
  ...DOCUMENTS.docs.map(({ path }) => path),
]

const get = async (path: string) => (await askAt(PUBLIC + path)).text()

describe.each(PAGES)('the page %s', (path) => {
  test('is there for everybody, and caches may keep it for a while', async () => {
    const answer = await askAt(PUBLIC + path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('has no link of the site that leads nowhere', async () => {
    const html = await get(path)
    const links = [...html.matchAll(/<a[^>]* href="(\/[^"]*)"/g)].map(([, href = '']) => href)
    for (const href of new Set(links)) {
      const [target = '', place] = href.split('#')
      const answer = await askAt(PUBLIC + target)
      // What is for those who are signed in sends others to sign in.
      expect([href, answer.status]).toEqual([href, /^\/(?:account|audit-logs|settings)/.test(target) ? 303 : 200])
      if (place) expect(await answer.text()).toContain(` id="${place}"`)
    }
  })

  test('is not on the host for status pages', async () => {
    expect((await askAt(STATUS + path)).status).toBe(404)
  })
})

test('a document that there is not is not found', async () => {
  for (const path of ['/docs/none', '/docs/adr/none', '/docs/data.md', '/docs/DATA', '/docs/adr/', '/docs/..%2fREADME'])
    expect((await askAt(PUBLIC + path)).status).toBe(404)
})

test('/security has each claim with its tests and their commands, the table of forgeries, the figures and the rules', async () => {
  const html = await get('/security')
  const said = textOf(html).replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  for (const { id, sentence, how, proofs } of CLAIMS) {
    expect(html).toContain(`<li id="claim-${id}"`)
    expect(said).toContain(sentence)
    expect(said).toContain(how)
    for (const { file, test: name } of proofs) {
      expect(said).toContain(name.replaceAll('>', '&gt;'))
      expect(said).toContain(`npm test -- ${file} -t '`)
    }
  }
  for (const words of [
    'the right to run DDL on D1',
    'Safe harbour',
    'within three business days',
    'Test on your own instance',
    'npm start npm test',
    'Not assessed',
  ])
    expect(said).toContain(words)
  expect(html).toContain('href="mailto:security@candor.test"')
})

test('/privacy says who answers for it, and has every table of docs/data.md', async () => {
  const html = await get('/privacy')
  expect(html).toContain('candor.example')
  expect(html).toContain(DOCUMENTS.stored)
  expect(DOCUMENTS.stored.match(/<table/g)?.length).toBeGreaterThan(4)
})

describe('/subprocessors says what this very Candor uses', () => {
  const used = async (vars: Parameters<typeof deployed>[0]) => {
    const html = await (await askAt(`${PUBLIC}/subprocessors`, {}, deployed(vars))).text()
    const rows = [...html.matchAll(/<span id="([a-z-]+)">.*?data-label="Used here">(Yes|No)</gs)]
    expect(rows.map(([, id]) => id)).toEqual(SUBPROCESSORS.map(({ id }) => id))
    return { html, services: rows.flatMap(([, id, answer]) => (answer === 'Yes' ? [id] : [])) }
  }
  const provider = {
    id: 'company',
    kind: 'oidc',
    name: 'Company <b>',
    clientId: 'client',
    clientSecret: 'not-for-anybody',
    issuer: 'https://login.company.example/realm',
  }
  const github = {
    ...provider,
    id: 'github',
    kind: 'github',
    issuer: 'https://github.com/login/oauth',
    authorizeUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    userUrl: 'https://api.github.com/user',
    emailsUrl: 'https://api.github.com/user/emails',
  }
  const google = { ...provider, id: 'google', issuer: 'https://accounts.google.com' }

  test('on the platform, with GitHub and Google and without mail', async () => {
    const { services } = await used({ IDENTITY_PROVIDERS: JSON.stringify([github, google]) })
    expect(services).toEqual(['cloudflare', 'cloudflare-dns', 'github', 'google'])
  })

  test('with Resend, and at an address of its own', async () => {
    const vars = { MAIL_DRIVER: 'resend', MAIL_FROM: 'c@candor.example', RESEND_API_KEY: 're_0123456789abcdef' }
    expect((await used(vars)).services).toContain('resend')
    const { html } = await used({ ...vars, RESEND_URL: 'https://mail.company.example' })
    expect(html).toContain('<code>mail.company.example</code>')
    expect(html).not.toContain(vars.RESEND_API_KEY)
  })

  test('with the binding of the platform for mails', async () => {
    const { services } = await used({ MAIL_DRIVER: 'cloudflare', MAIL_FROM: 'c@candor.example' })
    expect(services).toContain('cloudflare-email')
  })

  test('on one machine the platform is not used', async () => {
    const vars = { DEPLOYMENT: 'local', PUBLIC_URL: PUBLIC, STATUS_URL: PUBLIC }
    expect((await used(vars)).services).not.toContain('cloudflare')
  })

  test('names a provider that is not in the list with its host, and neither its client nor its secret', async () => {
    const { html, services } = await used({ IDENTITY_PROVIDERS: JSON.stringify([provider]) })
    expect(services).toEqual(['cloudflare', 'cloudflare-dns'])
    expect(html).toContain('Company &lt;b&gt;')
    expect(html).toContain('<code>login.company.example</code>')
    expect(html).not.toContain(provider.clientSecret)
  })
})

test('the start page leads to evidence, and no link of it leads nowhere', async () => {
  const html = await get('/')
  const links = [...html.matchAll(/<a[^>]* href="(\/[^"]*)"/g)].map(([, href = '']) => href)
  expect(links).toEqual(
    expect.arrayContaining(['/security', '/docs/verification', '/docs/threat-model', '/audit/deployment/checkpoint']),
  )
  for (const href of new Set(links)) {
    const [target = '', place] = href.split('#')
    const answer = await askAt(PUBLIC + target)
    expect([href, answer.status]).toEqual([href, 200])
    if (place) expect(await answer.text()).toContain(` id="${place}"`)
  }
})
