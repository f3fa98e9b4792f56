import { hash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type DeploymentReceipt, readDeploymentReceipt } from '../shared/domain/verify/deployment.ts'
import { parseHeader } from '../shared/domain/verify/lines.ts'
import { verifyExport } from '../shared/domain/verify/verify-export.ts'
import { AppError } from '../shared/errors.ts'
import { deploymentLine, type Report, verdictLine } from './lib/verdict.ts'
import { linesOf, textOf, UsageError } from './lib/verify-input.ts'

/*
 * Verifies an export of an audit log, offline. Exit codes: 0 sound, 1 not sound, 2 when nothing can be said: wrong
 * usage, or no whole export.
 */
const USAGE = `Usage: npm run verify -- <export.ndjson> [--key <verifier key>]… [--since <older checkpoint>]
       npm run verify -- <export.ndjson> [--key <verifier key>]… --deployment <receipt> [--witness <its key>]

  <export.ndjson>, or - for standard input
  --key    a key that you hold, as GET /v1/audit/keys gives it; without it the export's own keys are used
  --since  a file with a checkpoint of the same log that you kept: the log has to continue it
  --deployment  a file with the receipt of GET /v1/audit/deployment/proof: the log has to continue the checkpoint in it
  --witness     the key of a witness, from its operator: it has to have signed the head in that receipt
  --help        this text

Exit codes: 0 sound, 1 not sound, 2 when nothing can be said`

interface Asked {
  path: string
  keys: string[] | undefined
  since: string | undefined
  deployment: string | undefined
  witness: string | undefined
}

/** null: only the usage is asked for. */
function readArguments(): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        key: { type: 'string', multiple: true },
        since: { type: 'string' },
        deployment: { type: 'string' },
        witness: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return null
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) throw new UsageError(USAGE)
    const { key: keys, since, deployment, witness } = values
    if ([path, since, deployment].filter((file) => file === '-').length > 1)
      throw new UsageError('Standard input can be one file only.')
    if (deployment === undefined ? witness !== undefined : since !== undefined) throw new UsageError(USAGE)
    return { path, keys, since, deployment, witness }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(USAGE)
  }
}

type Lines = AsyncIterable<string>

/** The first line, and all of them once more: what comes from a pipe can be read once. */
async function withFirst(lines: AsyncGenerator<string, void>): Promise<{ first: string | undefined; lines: Lines }> {
  const first = (await lines.next()).value ?? undefined
  async function* all() {
    if (first === undefined) return
    yield first
    yield* lines
  }
  return { first, lines: all() }
}

/** The receipt of the deployment log, verified; a sentence when it shows nothing. */
async function receiptOf(
  first: string | undefined,
  file: string,
  keys: string[] | undefined,
  witness: string | undefined,
): Promise<DeploymentReceipt | string> {
  const known = keys ?? (await parseHeader(first)).keys
  const read = await readDeploymentReceipt(await textOf('receipt (--deployment)', file), known, witness, Date.now())
  return read.ok ? read.receipt : read.why
}

async function verified(input: AsyncGenerator<string, void>, asked: Asked): Promise<number> {
  const { keys, since, deployment, witness } = asked
  const older = since === undefined ? undefined : await textOf('older checkpoint (--since)', since)
  const { first, lines } = await withFirst(input)
  const receipt = deployment === undefined ? null : await receiptOf(first, deployment, keys, witness)
  if (typeof receipt === 'string') {
    process.stdout.write(`bad receipt\n${receipt}\n`)
    return 1
  }
  const report: Report = await verifyExport(lines, {
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    ...(keys && { keys }),
    ...(older !== undefined && { since: older }),
    ...(receipt && { since: receipt.leaf }),
    ...(process.stderr.isTTY && {
      onProgress: (entries: number) => process.stderr.write(`\r${entries.toLocaleString('en')} entries`),
    }),
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  process.stdout.write(`${verdictLine(report, since ?? deployment, keys === undefined)}\n`)
  if (receipt && report.verdict === 'sound') process.stdout.write(`${deploymentLine(receipt)}\n`)
  return report.verdict === 'sound' ? 0 : 1
}

async function main(): Promise<number> {
  const asked = readArguments()
  if (!asked) {
    process.stdout.write(`${USAGE}\n`)
    return 0
  }
  const input = linesOf(asked.path)
  try {
    return await verified(input, asked)
  } finally {
    // What is not read to its end would keep a pipe open.
    await input.return()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  const known = error instanceof UsageError || error instanceof AppError
  const sentence = known ? (error as Error).message : `The export cannot be verified (${String(error)}).`
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 2
}
