import type { Claim } from './claim.ts'

export const SIGN_IN_CLAIMS: Claim[] = [
  {
    id: 'no-passwords',
    sentence: 'There are no passwords here: GitHub, Google or your own OpenID provider says who you are.',
    how: 'Each attempt is bound to one browser by state, PKCE and nonce, and what the provider signs is verified. Its access token is used once and not kept.',
    proofs: [
      { file: 'test/sign-in/sign-in.test.ts', test: 'signing in with github > keeps no token of the provider' },
      {
        file: 'test/e2e/sign-in.test.ts',
        test: 'a provider of which only the issuer is configured > signs people in by its document, which is asked for once',
      },
    ],
  },
  {
    id: 'identity',
    sentence: 'An e-mail address opens no account.',
    how: 'A person is an issuer and a subject. The same address at another provider, or one that is not verified, is refused.',
    proofs: [
      {
        file: 'test/e2e/outage.test.ts',
        test: 'from a first sign-in to an outage, told and recorded > the same e-mail at another provider does not open the account',
      },
      {
        file: 'test/sign-in/identity.test.ts',
        test: 'an e-mail address that the provider has not verified > opens no account (github), and the page says what to do',
      },
    ],
  },
  {
    id: 'stolen-database',
    sentence: 'A copy of the database signs nobody in.',
    how: 'It has the hash of each session’s secret. A cookie also needs a MAC, under a key that is not in the database.',
    proofs: [
      {
        file: 'test/sign-in/session.test.ts',
        test: 'a stolen copy of the database > signs nobody in: it has hashes, and a cookie needs the secret and a key that is not in it',
      },
    ],
  },
  {
    id: 'sessions',
    sentence: 'You see all your sessions, and one that you end is refused at its very next request.',
    how: 'Each request asks the database for its session. Ending one works even when your log takes no entry because somebody has tampered with it.',
    proofs: [
      {
        file: 'test/account/sessions.test.ts',
        test: 'revoking > one session is asked for on a page of its own, is an entry, and ends it at its very next request',
      },
      {
        file: 'test/account/tampered.test.ts',
        test: 'a log that somebody has tampered with keeps nobody from ending sessions > revoking all others, and everywhere, however many there are',
      },
    ],
  },
  {
    id: 'cross-site',
    sentence: 'A page of somebody else cannot act with your session, nor read an answer.',
    how: 'A change that comes with a cookie has to come from a page of ours, by Sec-Fetch-Site or Origin. No answer about you allows another origin.',
    proofs: [
      { file: 'test/api/browser-rules.test.ts', test: 'a page of somebody else > cannot sign anybody out' },
      { file: 'test/api/browser-rules.test.ts', test: 'no answer lets a page of somebody else read it' },
    ],
  },
]

export const WORKSPACE_CLAIMS: Claim[] = [
  {
    id: 'statements',
    sentence: 'Every statement on a customer’s table names its workspace.',
    how: 'The tests parse each statement that is sent, in every test there is. One that does not name the workspace is not sent, and fails.',
    proofs: [
      {
        file: 'test/api/statements.test.ts',
        test: 'a statement of Candor without its tenant is not sent, and fails the file of tests it is in',
      },
    ],
  },
  {
    id: 'isolation',
    sentence: 'An id of another workspace is answered exactly as one that never was.',
    how: 'The workspace comes from your credential, never from what you send. The answers are compared for each route of the API, each page and each form.',
    proofs: [
      {
        file: 'test/api/isolation.test.ts',
        test: 'an id of another workspace is the same as one that never was > in GET /v1/monitors/:id',
      },
      { file: 'test/api/isolation-pages.test.ts', test: 'an idempotency key of one workspace is nothing in another' },
    ],
  },
  {
    id: 'database-isolation',
    sentence: 'The database itself refuses a write into another workspace.',
    how: 'Triggers refuse it unless an entry of that very workspace is open. Foreign keys begin with the workspace, so no row points into another one.',
    proofs: [
      {
        file: 'test/workspace/gates.test.ts',
        test: 'the gate of monitor > refuses a write under the entry of another workspace',
      },
      {
        file: 'test/workspace/gates.test.ts',
        test: 'inside the open entry of one log > no row can point at a row of another workspace',
      },
    ],
  },
  {
    id: 'roles',
    sentence: 'A member who is removed is out at once, with their sessions and keys.',
    how: 'A change goes through only while the workspace’s log ends as it did when the role was read, and a role changes by an entry of that log. Removing somebody is one entry that ends their sessions here and revokes their keys, or hands them over.',
    proofs: [
      {
        file: 'test/members/membership.test.ts',
        test: 'a member who is removed > is out at once: sessions here, keys and membership end in one entry, and what is elsewhere stays',
      },
      {
        file: 'test/members/roles.test.ts',
        test: 'the table in docs/roles.md is what the register of changes says',
      },
    ],
  },
]

export const KEY_CLAIMS: Claim[] = [
  {
    id: 'scope',
    sentence: 'What an API key may do is decided before anything is looked up.',
    how: 'The key says it itself, under a MAC. With a wrong scope no database, object or queue is touched: the tests watch every one of them.',
    proofs: [
      {
        file: 'test/api/scope.test.ts',
        test: 'POST /v1/monitors, before anything is looked up, answers 403 to a key that may only read',
      },
    ],
  },
  {
    id: 'forged-keys',
    sentence:
      'A key that was altered in a single bit is refused without a look-up, and a stolen signing ring makes no key.',
    how: 'The MAC covers every bit that a key says. The database has the hash of each key that was made, and no other works.',
    proofs: [
      {
        file: 'test/api/key-forgery.test.ts',
        test: 'an API key > is refused, before anything is looked up, with any bit of what it says flipped and its checksum made right',
      },
      {
        file: 'test/api/key-forgery.test.ts',
        test: 'a stolen signing ring makes no key: the database knows the hash of each',
      },
    ],
  },
  {
    id: 'revoked-keys',
    sentence: 'A revoked key is refused by the very next request.',
    how: 'Each read asks for the key’s row together with its data. A change goes through only while the log ends as it did when that row was read, and a revocation is an entry of it. A change that was under way is made before the revocation in the log, or not at all.',
    proofs: [
      {
        file: 'test/api/keys.test.ts',
        test: 'a revoked key > is refused by the next request, and by a hundred at once',
      },
      {
        file: 'test/api/keys.test.ts',
        test: 'a revoked key > makes no change that comes after its revocation in the log, however many are under way',
      },
    ],
  },
  {
    id: 'shown-once',
    sentence: 'A key is shown once, and kept as a hash.',
    how: 'Neither the key nor its hash is in any later answer, page or entry.',
    proofs: [
      {
        file: 'test/api/keys.test.ts',
        test: 'the token and its hash are in no answer, page, audit entry or row after the one that told it',
      },
    ],
  },
]
