/** Something the person who started Candor has to know: printed as one sentence, without a stack. */
export class StartError extends Error {}

export function fail(sentence: string): never {
  throw new StartError(sentence)
}

/** Runs a command's main function; a StartError is its one sentence and exit code 1. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Node 24 comes with the packages where there is a build of it; elsewhere the person's own has to be new enough. */
export function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 18))
    fail(
      `There is no bundled Node for ${process.platform}-${process.arch}: install Node 22.18 or newer; this is ${process.versions.node}.`,
    )
}
