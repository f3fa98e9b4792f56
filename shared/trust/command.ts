import type { Proof } from './claim.ts'

/** What is typed in a copy of the repository to run the test of a proof, and no other of its file. */
export function commandOf({ file, test }: Proof): string {
  const name = test.split(' > ').at(-1) ?? ''
  // The runner takes a pattern; the shell takes what is between single quotes as it is.
  const pattern = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll("'", '.')
  return `npm test -- ${file} -t '${pattern}'`
}
