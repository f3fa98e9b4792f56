import { hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type DeploymentReceipt, readDeploymentReceipt } from '../shared/domain/verify/deployment.ts'
import { parseHeader } from '../shared/domain/verify/lines.ts'
import { verifyExport } from '../shared/domain/verify/verify-export.ts'
import { AppError } from '../shared/errors.ts'
import { deploymentLine, type Report, verdictLine } from './lib/verdict.ts'

/*
 * Verifies an export of an audit log, offline. Exit codes: 0 sound, 1 not sound, 2 when nothing can be said: wrong
 * usage, or no whole export.
 */
const USAGE = `Usage: npm run verify -- <export.ndjson> [--key <verifier key>]… [--since <older checkpoint>]
       npm run verify -- <export.ndjson> [--key <verifier key>]… --deployment <receipt> [--witness <its key>]

  --key    a key that you hold, as GET /v1/audit/keys gives it; without it the export's own keys are used
  --since  a file with a checkpoint of the same log that you kept: the log has to continue it
  --deployment  a file with the receipt of GET /v1/audit/deployment/proof: the log has to continue the checkpoint in it
  --witness     the key of a witness, from its operator: it has to have signed the head in that receipt`

/** The longest line: an entry of 65,535 bytes, escaped once more. Noise without line ends must not fill the memory. */
const MAX_LINE_BYTES = 1_000_000

class UsageError extends Error {}

/** Lines of a file, one after the other. Throws for what is not UTF-8 and for lines that no export has. */
async function* linesOf(path: string): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const part of createReadStream(path, { highWaterMark: 1 << 18 })) {
    rest += decode(decoder, part)
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (rest.length > MAX_LINE_BYTES) throw new UsageError(`${path} is not a Candor audit export: a line has no end.`)
  }
  if (rest !== '') yield rest
}

function decode(decoder: InstanceType<typeof TextDecoder>, part: Buffer): string {
  try {
    return decoder.decode(part, { stream: true })
  } catch {
    throw new UsageError('This is not a Candor audit export: it is not text.')
  }
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        key: { type: 'string', multiple: true },
        since: { type: 'string' },
        deployment: { type: 'string' },
        witness: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0 || values.help) throw new UsageError(USAGE)
    const { key: keys, since, deployment, witness } = values
    if (deployment === undefined ? witness !== undefined : since !== undefined) throw new UsageError(USAGE)
    return { path, keys, since, deployment, witness }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(USAGE)
  }
}

/** The receipt of the deployment log, verified; a sentence when it shows nothing. */
async function receiptOf(
  path: string,
  file: string,
  keys: string[] | undefined,
  witness: string | undefined,
): Promise<DeploymentReceipt | string> {
  const { value: header } = await linesOf(path)[Symbol.asyncIterator]().next()
  const known = keys ?? (await parseHeader(header)).keys
  const read = await readDeploymentReceipt(readFileSync(file, 'utf8'), known, witness, Date.now())
  return read.ok ? read.receipt : read.why
}

async function main(): Promise<number> {
  const { path, keys, since, deployment, witness } = readArguments()
  const receipt = deployment === undefined ? null : await receiptOf(path, deployment, keys, witness)
  if (typeof receipt === 'string') {
    process.stdout.write(`bad receipt\n${receipt}\n`)
    return 1
  }
  const report: Report = await verifyExport(linesOf(path), {
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    ...(keys && { keys }),
    ...(since !== undefined && { since: readFileSync(since, 'utf8') }),
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

try {
  process.exitCode = await main()
} catch (error) {
  const known = error instanceof UsageError || error instanceof AppError
  const code = (error as NodeJS.ErrnoException).code
  const sentence = known ? (error as Error).message : `The file cannot be read (${code ?? String(error)}).`
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 2
}
