export interface LocalAccount {
  login: string
  name: string
  email: string
  emailVerified: boolean
  /** GitHub's numeric id; OpenID Connect's subject is `local-` and the login. */
  githubId: number
}

/** People of the local identity provider. None of them exists anywhere else. */
export const ACCOUNTS: LocalAccount[] = [
  { login: 'ada', name: 'Ada Lovelace', email: 'ada@example.test', emailVerified: true, githubId: 1001 },
  { login: 'grace', name: 'Grace Hopper', email: 'grace@example.test', emailVerified: true, githubId: 1002 },
  { login: 'linus', name: 'Linus Pauling', email: 'linus@example.test', emailVerified: true, githubId: 1003 },
  {
    login: 'margaret',
    name: 'Margaret Hamilton',
    email: 'margaret@example.test',
    emailVerified: false,
    githubId: 1004,
  },
]

export const accountBy = (login: string | null | undefined): LocalAccount | undefined =>
  ACCOUNTS.find((account) => account.login === login)

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The page on which a person picks an account: each is a link to the same address with `account` added. */
export function accountsPage(provider: string, url: URL): string {
  const links = ACCOUNTS.map((account) => {
    const href = new URL(url)
    href.searchParams.set('account', account.login)
    const note = account.emailVerified ? account.email : `${account.email}, not verified`
    return `<li><a href="${escapeHtml(href.pathname + href.search)}"><b>${escapeHtml(account.name)}</b><span>${escapeHtml(note)}</span></a></li>`
  })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Local sign-in, in place of ${escapeHtml(provider)}</title><style>
:root{color-scheme:light dark;--surface:light-dark(#fff,#111113);--text:light-dark(#1c2024,#edeef0);--muted:light-dark(#60646c,#b0b4ba);--line:light-dark(#e0e1e6,#2e3135);--focus:light-dark(#3e63dd,#9eb1ff)}
body{margin:0;font:16px/1.5 ui-sans-serif,system-ui,sans-serif;background:var(--surface);color:var(--text)}main{max-width:26rem;margin:10vh auto;padding:0 1rem}
h1{font-size:1.75rem;line-height:2.25rem;letter-spacing:-.02em;margin:0 0 .5rem}p{color:var(--muted);margin:0 0 1.5rem}ul{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:8px}
li+li{border-top:1px solid var(--line)}a{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;padding:.75rem 1rem;color:inherit;text-decoration:none}
a:hover{text-decoration:underline}:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:8px}span{color:var(--muted);font-size:.875rem}</style></head>
<body><main><h1>Sign in as</h1><p>This is Candor’s local identity provider. It stands in for ${escapeHtml(provider)} on this machine only, and speaks the same protocol.</p><ul>${links.join('')}</ul></main></body></html>`
}
