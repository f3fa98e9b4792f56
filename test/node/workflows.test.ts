import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const GITHUB = join(import.meta.dirname, '..', '..', '.github')
const WORKFLOWS = join(GITHUB, 'workflows')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, string>
}
interface Job {
  needs?: string | string[]
  if?: string
  permissions?: Record<string, string>
  environment?: unknown
  uses?: string
  'timeout-minutes'?: number
  steps?: Step[]
}
interface Workflow {
  on: string | string[] | Record<string, unknown>
  permissions?: unknown
  env?: unknown
  jobs: Record<string, Job>
}

const eventsOf = ({ on }: Workflow) => (typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on))
const isPinned = (uses: string) => uses.startsWith('./') || /@[0-9a-f]{40}$/.test(uses)
const hasSecret = (part: unknown) => /\bsecrets\b/.test(JSON.stringify(part ?? null))
const needsOf = ({ needs = [] }: Job) => (Array.isArray(needs) ? needs : [needs])
/** Only a job that says so in the first place never runs for a pull request. */
const isForPushes = (job: Job) =>
  /^github\.event_name == 'push' && github\.ref == 'refs\/heads\/main'/.test(job.if ?? '')
const deploys = (name: string, job: Job) => name === 'deploy' || /wrangler (?:deploy|d1)/.test(JSON.stringify(job))

function ofStep(where: string, step: Step): string[] {
  const found: string[] = []
  if (step.uses && !isPinned(step.uses)) found.push(`${where} uses ${step.uses}, which is not pinned by its SHA`)
  if (step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
    found.push(`${where} leaves its token in the checkout`)
  // What others write (a title, a branch) would become a command.
  if (/\$\{\{/.test(step.run ?? '')) found.push(`${where} puts an expression into a command`)
  return found
}

function ofJob(where: string, name: string, job: Job, workflow: Workflow): string[] {
  const found = (job.steps ?? []).flatMap((step) => ofStep(where, step))
  if (job.uses && !isPinned(job.uses)) found.push(`${where} uses ${job.uses}, which is not pinned by its SHA`)
  if (!job.permissions) found.push(`${where} does not say what it may`)
  if (!job['timeout-minutes']) found.push(`${where} may stand still without end`)
  if (Object.values(job.permissions ?? {}).some((may) => may === 'write') && !isForPushes(job))
    found.push(`${where} may write for a pull request`)
  if (hasSecret(job) && !isForPushes(job)) found.push(`${where} has a secret in a pull request`)
  if (hasSecret(job) && !job.environment) found.push(`${where} has a secret outside of an environment`)
  if (deploys(name, job) && !needsOf(job).includes('check')) found.push(`${where} deploys without waiting for check`)
  if (deploys(name, job) && !('check' in workflow.jobs)) found.push(`${where} waits for no job`)
  return found
}

/** Whatever a workflow does that it may not. */
function violations(file: string, text: string): string[] {
  const workflow: Workflow = parse(text)
  const found = Object.entries(workflow.jobs).flatMap(([name, job]) => ofJob(`${file}: ${name}`, name, job, workflow))
  if (JSON.stringify(workflow.permissions) !== '{}') found.push(`${file} gives permissions to all its jobs`)
  if (hasSecret(workflow.env)) found.push(`${file} gives a secret to all its jobs`)
  for (const event of ['pull_request_target', 'workflow_run'])
    if (eventsOf(workflow).includes(event))
      found.push(`${file} runs on ${event}, with secrets, on what a stranger wrote`)
  // The tag beside a SHA is what Dependabot moves, and what a person reads.
  for (const line of text.split('\n').filter((one) => /uses: [^.\s]+@/.test(one)))
    if (!/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)) found.push(`${file} does not say the version of ${line.trim()}`)
  return found
}

const expression = (text: string) => `\${{ ${text} }}`
const CI = readFileSync(join(WORKFLOWS, 'ci.yml'), 'utf8')

test('every workflow holds to the rules', () => {
  const files = readdirSync(WORKFLOWS)
  expect(files).toContain('ci.yml')
  for (const file of files) expect(violations(file, readFileSync(join(WORKFLOWS, file), 'utf8'))).toEqual([])
})

describe('a workflow is refused that', () => {
  const CASES: [what: string, from: string | RegExp, to: string, says: string][] = [
    ['pins an action by its tag', /actions\/checkout@\S+ # v7\.0\.1/, 'actions/checkout@v7', 'not pinned by its SHA'],
    ['does not say the version of an action', ' # v7.0.1', '', 'does not say the version'],
    ['gives permissions to all jobs', 'permissions: {}', 'permissions: write-all', 'permissions to all its jobs'],
    ['says nothing about permissions', 'permissions: {}', '', 'permissions to all its jobs'],
    ['runs what a stranger wrote, with secrets', '  pull_request:', '  pull_request_target:', 'pull_request_target'],
    ['deploys before the checks', 'needs: [check]', 'needs: []', 'deploys without waiting for check'],
    ['deploys from a pull request', "github.event_name == 'push' && ", '', 'has a secret in a pull request'],
    ['keeps its secrets outside of an environment', 'environment: production', '', 'outside of an environment'],
    [
      'shows a secret to the tests',
      'run: bash .ci/run',
      `run: bash .ci/run\n        env: { K: '${expression('secrets.K')}' }`,
      'a secret in',
    ],
    ['leaves its token in the checkout', 'persist-credentials: false', 'fetch-depth: 1', 'leaves its token'],
    [
      'makes a command of a title',
      'run: npm ci',
      `run: echo ${expression('github.event.head_commit.message')}`,
      'into a command',
    ],
    ['lets a job write', 'contents: read', 'contents: write', 'may write for a pull request'],
    ['may stand still', 'timeout-minutes: 45', 'name: check', 'without end'],
  ]
  test.each(CASES)('%s', (_what, from, to, says) => {
    const changed = CI.replace(from, () => to)
    expect(changed).not.toBe(CI)
    expect(violations('ci.yml', changed).join('\n')).toContain(says)
  })
})

test('checks, reviews of dependencies and a deploy are all there', () => {
  const { jobs }: Workflow = parse(CI)
  expect(Object.keys(jobs)).toEqual(['check', 'dependency-review', 'deploy'])
  expect(
    jobs['dependency-review']?.steps?.some(({ uses }) => uses?.startsWith('actions/dependency-review-action@')),
  ).toBe(true)
  expect(JSON.stringify(jobs.check?.steps)).toContain('bash .ci/run')
})

test('Dependabot proposes updates of packages and of actions, some days after their release', () => {
  const { updates } = parse(readFileSync(join(GITHUB, 'dependabot.yml'), 'utf8'))
  const ecosystems = updates.map((one: Record<string, unknown>) => one['package-ecosystem'])
  expect(ecosystems.toSorted()).toEqual(['github-actions', 'npm'])
  for (const { cooldown } of updates) expect(cooldown['default-days']).toBeGreaterThanOrEqual(7)
})

test('every part of the code that the owners are named for is there', () => {
  const lines = readFileSync(join(GITHUB, 'CODEOWNERS'), 'utf8').split('\n')
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/\s+/))
  expect(rules[0]?.[0]).toBe('*')
  for (const [path = '', ...owners] of rules) {
    expect(owners.length).toBeGreaterThan(0)
    for (const owner of owners) expect(owner).toMatch(/^@[\w-]+(?:\/[\w-]+)?$/)
    if (path !== '*') expect(readdirSync(join(GITHUB, '..', path)).length).toBeGreaterThan(0)
  }
})
