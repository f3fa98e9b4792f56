import { parseArgs } from 'node:util'
import type { AuditAccepted, AuditStatusAnswer, PlanChanged } from '../shared/contracts/operator.ts'
import { requireNode, StartError } from './lib/fail.ts'
import { askOperator, operatorKey, operatorUrl } from './lib/operator.ts'
import { acceptedText, planText, statusText } from './lib/operator-words.ts'

/*
 * The operator's command. It asks a running Candor over HTTP, with the operator's key. Exit codes: 0 done, 1 not done (or
 * a log that does not verify), 2 wrong usage. `plan` and `audit accept` are entries in the workspace's audit log.
 */
const USAGE = `Usage: npm run candor -- <command> [--url <address of Candor>]

  plan <workspace> <free|pro>   changes the plan of a workspace
  audit status <workspace>      says how the audit log of a workspace stands
  audit accept <workspace>      takes the log that the database has, after you have looked into it

  --url  default: PUBLIC_URL, or http://localhost:8787
  The key is OPERATOR_KEY, or the one in secrets.json of STATE_DIR (default: .candor).`

class UsageError extends Error {}

type Command = (url: string) => Promise<{ text: string; code: number }>

const pathOf = (workspace: string, what: string) => `/operator/workspaces/${encodeURIComponent(workspace)}/${what}`

function readArguments(): { command: Command; url: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { url: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help) throw new UsageError(USAGE)
    return { command: commandOf(positionals), url: operatorUrl(values.url) }
  } catch (error) {
    if (error instanceof StartError) throw new UsageError(error.message)
    throw error instanceof UsageError ? error : new UsageError(USAGE)
  }
}

function commandOf(words: string[]): Command {
  const [first, second = '', third = '', ...more] = words
  if (more.length > 0 || third === '') throw new UsageError(USAGE)
  if (first === 'plan') return changePlan(second, third)
  if (first === 'audit' && second === 'status') return auditStatus(third)
  if (first === 'audit' && second === 'accept') return acceptAudit(third)
  throw new UsageError(USAGE)
}

const changePlan =
  (workspace: string, plan: string): Command =>
  async (url) => ({
    text: planText(await askOperator<PlanChanged>(url, operatorKey(), pathOf(workspace, 'plan'), { plan })),
    code: 0,
  })

const auditStatus =
  (workspace: string): Command =>
  async (url) => {
    const status = await askOperator<AuditStatusAnswer>(url, operatorKey(), pathOf(workspace, 'audit/status'), {})
    return { text: statusText(status), code: status.fits && !status.finding ? 0 : 1 }
  }

const acceptAudit =
  (workspace: string): Command =>
  async (url) => ({
    text: acceptedText(await askOperator<AuditAccepted>(url, operatorKey(), pathOf(workspace, 'audit/accept'), {})),
    code: 0,
  })

async function main(): Promise<number> {
  requireNode()
  const { command, url } = readArguments()
  const { text, code } = await command(url)
  process.stdout.write(`${text}\n`)
  return code
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StartError || error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
