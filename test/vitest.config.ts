import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { writeDocuments } from '../scripts/lib/documents.ts'
import { keepInMemory } from '../scripts/lib/in-memory.ts'
import { makeMailbox } from '../scripts/lib/mailbox.ts'
import { RATE_LIMITS } from '../shared/domain/rate-limits.ts'

keepInMemory()

// What a build would write before the bundle: the pages that show documents import it.
writeDocuments()

/** Tests that need files or processes; all others run inside workerd. */
const NODE = [
  'test/node/**/*.test.ts',
  'test/e2e/**/*.test.ts',
  'test/browser/**/*.test.ts',
  'test/architecture.test.ts',
]

/** Tests that look into the mailbox. */
const MAIL = 'test/mail/**/*.test.ts'

const LOCAL_MAIL = { MAIL_DRIVER: 'local', MAIL_FROM: 'Candor <candor@candor.test>' }

/** Room for tests that ask a lot. */
const TIMES = 10_000

/** The Worker's limiters with that much room, and beside them, as `REAL_…`, with what a deployment has. */
const ratelimits = Object.fromEntries(
  Object.values(RATE_LIMITS).flatMap(({ binding, limit, period }) => [
    [binding, { namespace_id: `${binding} roomy`, simple: { limit: limit * TIMES, period } }],
    [`REAL_${binding}`, { namespace_id: binding, simple: { limit, period } }],
  ]),
)

/** Files that run side by side: those that start Candor wait most of the time. */
const LANES = 2

const key = () => randomBytes(32).toString('base64')

/** Configuration of the app under test. Keys are made for each run: none stands in the repository. */
const bindings = async () => ({
  TEST_MIGRATIONS: await readD1Migrations('./d1-migrations'),
  DEPLOYMENT: 'local',
  RATE_LIMIT_TIMES: String(TIMES),
  PUBLIC_URL: 'http://localhost:8787',
  STATUS_URL: 'http://localhost:8787',
  JURISDICTION: '',
  DEFAULT_PLAN: 'pro',
  ALLOW_PRIVATE_TARGETS: 'target.test:80',
  SECURITY_CONTACT: 'mailto:security@candor.test',
  CANDOR_KEYRING: JSON.stringify([
    { kid: randomBytes(4).toString('hex'), key: key(), state: 'active' },
    { kid: randomBytes(4).toString('hex'), key: key(), state: 'decrypt' },
  ]),
  AUDIT_KEYRING: JSON.stringify([{ key: key(), state: 'active' }]),
  API_KEY_RING: JSON.stringify([{ id: 1, key: key(), state: 'active' }]),
  SIGN_IN_KEY: key(),
  OPERATOR_KEY: key(),
  IDENTITY_PROVIDERS: JSON.stringify([
    {
      id: 'github',
      kind: 'github',
      name: 'GitHub',
      clientId: 'client',
      clientSecret: key(),
      issuer: 'https://github.test',
      authorizeUrl: 'https://github.test/login/oauth/authorize',
      tokenUrl: 'https://github.test/login/oauth/access_token',
      userUrl: 'https://api.github.test/user',
      emailsUrl: 'https://api.github.test/user/emails',
    },
    {
      id: 'google',
      kind: 'oidc',
      name: 'Google',
      clientId: 'client',
      clientSecret: key(),
      issuer: 'https://accounts.test',
      authorizeUrl: 'https://accounts.test/authorize',
      tokenUrl: 'https://accounts.test/token',
      jwksUrl: 'https://accounts.test/jwks',
    },
  ]),
})

/** Tests inside workerd. */
async function workerProject(name: string, mail: object, mailbox: unknown, include: string[], exclude: string[]) {
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          bindings: { ...(await bindings()), ...mail },
          // The probe of the tests answers what its test wants (test/lib/probe.ts); the real one has its own tests.
          serviceBindings: {
            PROBE_LOCAL: 'candor-probe-local',
            MAILBOX: mailbox as never,
          },
          ratelimits,
          // What the platform offers on one machine under the binding of the same name.
          email: { send_email: [{ name: 'EMAIL' }] },
          workers: [
            {
              name: 'candor-mailbox',
              modules: true,
              compatibilityDate: '2026-10-20',
              script:
                'export default { async fetch(request) { await request.text(); return new Response(null, { status: 204 }) } }',
            },
            {
              name: 'candor-probe-local',
              modules: true,
              compatibilityDate: '2026-10-20',
              script: `let next = { status: 200, latencyMs: 12, errorClass: 'none', message: '' }; let seen = [];
export default { async fetch(request) {
  const path = new URL(request.url).pathname, body = await request.json();
  if (path === '/next') { next = body; seen = []; return new Response(null) }
  if (path === '/change') { next = { ...next, ...body }; return new Response(null) }
  if (path === '/seen') return Response.json(seen);
  seen.push({ path, body });
  while (next.hold) await new Promise((go) => setTimeout(go, 5));
  if (next.broken) return new Response('broken', { status: 500 });
  if (path === '/send') return Response.json({ status: next.status, errorClass: next.errorClass, message: next.message, bodyStart: '', latencyMs: next.latencyMs, retryAfterSeconds: null, ...next.send });
  const evidence = { statusLine: 'HTTP ' + next.status, headers: [], body: '', hops: [], ...next.evidence };
  return Response.json({ results: body.checks.map((check) => ({ id: check.id, region: 'local', at: next.at ?? Date.now(), latencyMs: next.latencyMs, status: next.status, errorClass: next.errorClass, message: next.message, evidence })) });
} }`,
            },
          ],
          outboundService: (request: Request) =>
            new Response(`unexpected outbound request: ${request.method} ${request.url}`, { status: 599 }) as never,
        },
      }),
    ],
    test: {
      name,
      include,
      exclude,
      setupFiles: ['./test/setup.ts'],
      isolate: false,
      maxWorkers: LANES,
      restoreMocks: true,
      testTimeout: 60_000,
      // A log line of an object that falls into a file's last message to the runner is never sent, and the run waits for
      // it without end (cloudflare/workers-sdk#15719). Without the interception the runtime prints the line itself.
      disableConsoleIntercept: true,
    },
  }
}

export default defineConfig(async () => ({
  test: {
    projects: [
      // A mail on its way between two files keeps the runtime from coming to its end, so the others send none.
      await workerProject(
        'worker',
        { MAIL_DRIVER: 'none', MAIL_FROM: '' },
        'candor-mailbox',
        ['test/**/*.test.{ts,tsx}'],
        [...NODE, MAIL],
      ),
      // The mailbox of these is the real one, of `npm start`.
      await workerProject('mail', LOCAL_MAIL, makeMailbox(mkdtempSync(join(tmpdir(), 'candor-mail-'))), [MAIL], []),
      {
        test: {
          name: 'node',
          include: [...NODE],
          // Candor is started many times over: the code of its packages is compiled once.
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'dist', 'compile-cache') },
          isolate: false,
          maxWorkers: LANES,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
}))
