import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Which folders a folder may import, besides itself and `shared`. `type` is for imports that leave nothing at run time. */
const MAY_IMPORT: Record<string, { any: string[]; type?: string[] }> = {
  shared: { any: [] },
  probe: { any: [] },
  crypto: { any: [] },
  db: { any: [] },
  pages: { any: [] },
  notifications: { any: ['crypto'] },
  mail: { any: ['crypto'] },
  services: { any: ['db', 'crypto'] },
  workspace: { any: ['services', 'db', 'crypto', 'bindings'], type: ['deployment-log'] },
  'deployment-log': { any: ['crypto', 'bindings'] },
  account: { any: ['workspace', 'services', 'db', 'bindings'] },
  monitoring: { any: ['services', 'notifications', 'crypto', 'bindings'] },
  effects: { any: ['services', 'notifications', 'db', 'crypto', 'bindings'], type: ['workspace', 'mail'] },
  edge: {
    any: ['pages', 'services', 'db/client', 'crypto', 'bindings', 'dist'],
    type: ['workspace', 'account', 'monitoring', 'deployment-log'],
  },
  bindings: { any: ['crypto', 'mail'], type: ['workspace', 'account', 'monitoring', 'deployment-log'] },
  main: { any: ['edge', 'effects', 'workspace', 'account', 'monitoring', 'deployment-log', 'bindings'] },
}

/** Where a package may be imported; packages that stand here and nowhere else may be imported at all. */
const PACKAGES: Record<string, RegExp> = {
  zod: /./,
  hono: /^workers\/app\/(?:edge|pages)\//,
  'drizzle-orm': /^workers\/app\/(?:db\/|workspace\/|services\/(?:context|mutation)\.ts$|services\/[^/]+\/rows\.ts$)/,
  'cloudflare:workers':
    /^workers\/app\/(?:workspace\/workspace|account\/account|monitoring\/scheduler|deployment-log\/deployment-log)\.ts$/,
  oauth4webapi: /^workers\/app\/edge\/sign-in\//,
  '@oslojs/crypto': /^workers\/app\/crypto\//,
  '@oslojs/encoding': /^workers\/app\/crypto\//,
}

/** Files whose rows belong to no single workspace, each with its reason. Everywhere else the workspace comes second. */
const WITHOUT_WORKSPACE: Record<string, string> = {
  'workers/app/services/account/rows.ts':
    'people and their sign-ins belong to no workspace; the watchdog looks after all',
  'workers/app/services/account-ending/rows.ts': 'what is left of a person, in whichever workspace',
  'workers/app/services/entry/rows.ts': 'entries of any log: every function takes the log',
  'workers/app/services/identity/rows.ts': 'how people sign in belongs to no workspace',
  'workers/app/services/log/rows.ts':
    'a log is of a workspace or of an account; every function takes the id of the log',
  'workers/app/services/operator/rows.ts': 'whoever runs Candor looks after every workspace: figures and ids',
  'workers/app/services/public-page/rows.ts': 'a public page is asked for by its slug, which names the workspace',
}

const MAX_LINES = 250

interface Import {
  from: string
  typeOnly: boolean
}

function importsOf(source: string): Import[] {
  const text = source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const statements = [...text.matchAll(/^(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)]
  const dynamic = [...text.matchAll(/\bimport\(\s*'([^']+)'/g)]
  return [
    ...statements.map(([, , type, from = '']) => ({ from, typeOnly: type !== undefined })),
    ...dynamic.map(([, from = '']) => ({ from, typeOnly: false })),
  ]
}

/** `workers/app/services/monitor/rows.ts` → `services`; a file beside the folders is a folder of its own. */
const folderOf = (path: string): string =>
  /^(?:workers\/app\/|workers\/)?([a-z-]+)/.exec(path.replace(/^shared\/.*/, 'shared'))?.[1] ?? ''

function importRule(path: string, { from, typeOnly }: Import): string | null {
  if (!from.startsWith('.')) {
    const name = Object.keys(PACKAGES).find((known) => from === known || from.startsWith(`${known}/`))
    if (name === undefined) return `${path} imports ${from}, a package that no rule knows`
    return PACKAGES[name]?.test(path) ? null : `${path} imports ${from}, which does not belong there`
  }
  const target = join(dirname(path), from)
  const [own, other] = [folderOf(path), folderOf(target)]
  if (other === own || other === 'shared') return null
  const { any = [], type = [] } = MAY_IMPORT[own] ?? {}
  const allowed = [...any, ...(typeOnly ? type : [])]
  const named = target.replace(/^workers\/app\//, '').replace(/\.tsx?$/, '')
  return allowed.some((one) => one === other || one === named) ? null : `${path} imports ${target}`
}

function rowsRule(path: string, source: string): string[] {
  if (!/^workers\/app\/services\/[^/]+\/rows\.ts$/.test(path) || path in WITHOUT_WORKSPACE) return []
  const functions = [...source.matchAll(/^export (?:const (\w+) = (?:async )?|(?:async )?function (\w+))\(([^)]*)/gm)]
  // What `preparedById` and `preparedOf` make takes them by its type; what takes no `db` can ask nothing by itself.
  const made = [...source.matchAll(/^export const (\w+) = (?!sql\b|preparedById\b|preparedOf\b|async\b)\w+\b(.*)/gm)]
  const others = functions.filter(
    ([, , , parameters = '']) => !/^\s*(?:db: Db,\s*)?workspaceId: WorkspaceId\b/.test(parameters),
  )
  return [...others, ...made].map(([, arrow, plain]) => `${path}: ${arrow ?? plain} does not take (db, workspaceId, …)`)
}

/** A verb of people's that has something sent at once, and does not say how often that may be (edge/rate-limit). */
const sendsWithoutLimit = (source: string): boolean =>
  /= mutation\(\{/.test(source) &&
  /type: '(?:mail|check|notify)'/.test(source) &&
  !/^ {2}credentials: \['system'\],$/m.test(source) &&
  !/^ {2}limits: \['/m.test(source)

/** Whatever a tree of sources does that it may not. */
function violations(files: Map<string, string>): string[] {
  const found: string[] = []
  for (const [path, source] of files) {
    for (const one of importsOf(source)) found.push(importRule(path, one) ?? '')
    found.push(...rowsRule(path, source))
    if (sendsWithoutLimit(source)) found.push(`${path} has something sent without a rate limit`)
    if (/^export \*/m.test(source)) found.push(`${path} exports everything of another file`)
    if (/(?:^|\/)index\.tsx?$/.test(path)) found.push(`${path} is a barrel by its name`)
    if (/^export default/m.test(source) && !/^workers\/(?:app|probe)\/main\.ts$/.test(path))
      found.push(`${path} has a default export`)
    if (source.split('\n').length > MAX_LINES) found.push(`${path} has more than ${MAX_LINES} lines`)
    if (/^workers\/app\/notifications\/providers\//.test(path) && /\bfetch\(/.test(source))
      found.push(`${path} is a provider that reaches the network`)
    // Otherwise test/lib/inspected.ts would not see the statement.
    if (/\.prepare\([^)]|\bDB\b\)?\.(?:batch|exec|withSession|dump)\(/.test(source) && path.startsWith('workers/app/'))
      found.push(`${path} asks the database past Drizzle`)
    // Otherwise the object would not be in the jurisdiction that is configured.
    if (/\.(?:idFromName|idFromString|newUniqueId|getByName)\(/.test(source) && path !== 'workers/app/bindings.ts')
      found.push(`${path} reaches an object past objectOf`)
    if (/(?:biome-ignore[^:]*(?::\s*)?$|@ts-ignore|@ts-nocheck)/m.test(source)) found.push(`${path} hides a finding`)
    if (
      !/^workers\/app\/(?:db|crypto|bindings)/.test(path) &&
      /as WorkspaceId\b/.test(source) &&
      path !== 'shared/ids.ts'
    )
      found.push(`${path} makes a workspace id of a string`)
  }
  return found.filter(Boolean)
}

const ROOT = join(import.meta.dirname, '..')

function tree(): Map<string, string> {
  const files = ['workers', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  return new Map(files.map((path) => [relative(ROOT, path), readFileSync(path, 'utf8')]))
}

test('the sources import only what their folder may, and hold to the other rules', () => {
  const files = tree()
  expect(files.size).toBeGreaterThan(100)
  expect(violations(files)).toEqual([])
})

test('every folder of the app has its rule, and every rule a folder', () => {
  const folders = new Set([...tree().keys()].map(folderOf))
  expect([...folders].toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted())
})

describe('a planted violation is caught', () => {
  const planted: [what: string, path: string, source: string][] = [
    ['shared code that imports a Worker', 'shared/x.ts', "import { a } from '../workers/app/db/client.ts'"],
    ['shared code that imports another package', 'shared/x.ts', "import { Hono } from 'hono'"],
    ['a probe with a database', 'workers/probe/x.ts', "import { database } from '../app/db/client.ts'"],
    ['cryptography that imports a service', 'workers/app/crypto/x.ts', "import { a } from '../services/found.ts'"],
    ['a schema that imports a service', 'workers/app/db/x.ts', "import { a } from '../services/found.ts'"],
    ['a page that reads', 'workers/app/pages/x.tsx', "import { a } from '../services/monitor/rows.ts'"],
    ['a provider with a database', 'workers/app/notifications/x.ts', "import { a } from '../db/client.ts'"],
    ['a mail driver with a database', 'workers/app/mail/x.ts', "import { a } from '../db/client.ts'"],
    ['a service that sends mail itself', 'workers/app/services/x/y.ts', "import { a } from '../../mail/resend.ts'"],
    ['an effect that picks its mail driver', 'workers/app/effects/x.ts', "import { a } from '../mail/resend.ts'"],
    ['a service that knows HTTP', 'workers/app/services/x/get.ts', "import { Hono } from 'hono'"],
    ['a service that imports the edge', 'workers/app/services/x/get.ts', "import { a } from '../../edge/app.ts'"],
    ['a verb with SQL', 'workers/app/services/x/get.ts', "import { eq } from 'drizzle-orm'"],
    ['the workspace object that imports the edge', 'workers/app/workspace/x.ts', "import { a } from '../edge/app.ts'"],
    ['monitoring with a database', 'workers/app/monitoring/x.ts', "import { a } from '../db/client.ts'"],
    ['an edge with a schema', 'workers/app/edge/x.ts', "import { a } from '../db/schema/monitor.ts'"],
    ['an edge that writes itself', 'workers/app/edge/x.ts', "import { mutate } from '../workspace/mutate.ts'"],
    ['an effect that writes itself', 'workers/app/effects/x.ts', "import { mutate } from '../workspace/mutate.ts'"],
    ['bindings that run an object', 'workers/app/bindings.ts', "import { Workspace } from './workspace/workspace.ts'"],
    ['a main file with a database', 'workers/app/main.ts', "import { a } from './db/client.ts'"],
    ['an import at run time', 'workers/app/pages/x.tsx', "const a = await import('../db/client.ts')"],
    ['a name exported on', 'workers/app/pages/x.tsx', "export { a } from '../db/client.ts'"],
    ['the object API in a helper', 'workers/app/workspace/x.ts', "import { env } from 'cloudflare:workers'"],
    ['a package without a rule', 'workers/app/edge/x.ts', "import _ from 'lodash'"],
    ['a barrel', 'workers/app/services/x/all.ts', "export * from './get.ts'"],
    ['a barrel by its name', 'workers/app/services/x/index.ts', 'export const a = 1'],
    ['a default export', 'workers/app/services/x/get.ts', 'export default 1'],
    ['a file that is too long', 'workers/app/services/x/get.ts', '\n'.repeat(MAX_LINES)],
    ['a provider that sends', 'workers/app/notifications/providers/x.ts', "await fetch('https://x.test')"],
    ['a statement past Drizzle', 'workers/app/effects/x.ts', "await env.DB.prepare('SELECT 1').first()"],
    ['a batch past Drizzle', 'workers/app/effects/x.ts', 'await env.DB.batch(all)'],
    ['an object past its one door', 'workers/app/effects/x.ts', "env.WORKSPACE.getByName('x')"],
    ['rows of nobody', 'workers/app/services/x/rows.ts', 'export const all = (db: Db) => db.select()'],
    ['rows by id alone', 'workers/app/services/x/rows.ts', 'export function one(db: Db, id: string) {}'],
    [
      'rows that a helper makes of nobody',
      'workers/app/services/x/rows.ts',
      "export const all = prepared(['id'], build)",
    ],
    ['a suppression without a reason', 'workers/app/edge/x.ts', '// biome-ignore lint/suspicious/noExplicitAny'],
    ['a type check turned off', 'workers/app/edge/x.ts', '// @ts-ignore because'],
    [
      'a verb that sends without a limit',
      'workers/app/services/x/send.ts',
      "export const send = mutation({ effects: [{ type: 'check' }] })",
    ],
    ['a workspace id of any string', 'workers/app/edge/x.ts', 'const id = text as WorkspaceId'],
  ]
  test.each(planted)('%s', (_what, path, source) => {
    expect(violations(new Map([[path, source]]))).toHaveLength(1)
  })
})
