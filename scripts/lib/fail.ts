/** Something the person who started Candor has to know: printed as one sentence, without a stack. */
export class StartError extends Error {}

export function fail(sentence: string): never {
  throw new StartError(sentence)
}

/**
 * Runs a command's main function. A StartError is its one sentence and exit code 1; whatever was opened until then is
 * closed first. What fails because the command is being stopped is not said.
 */
export async function runMain(
  main: () => Promise<void>,
  shutdown?: { stop(code: number): Promise<void>; stopping(): boolean },
): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (shutdown?.stopping()) return
    process.stderr.write(`${error instanceof StartError ? error.message : text(error)}\n`)
    await shutdown?.stop(1)
    process.exit(1)
  }
}

/** What the machine refuses is said in its words; only of a fault of ours it helps to see where it is. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'syscall' in error ? `This machine refused it: ${error.message}.` : (error.stack ?? error.message)
}

/** Node 24 comes with the packages where there is a build of it; elsewhere the person's own has to be new enough. */
export function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 18))
    fail(
      `There is no bundled Node for ${process.platform}-${process.arch}: install Node 22.18 or newer; this is ${process.versions.node}.`,
    )
}
