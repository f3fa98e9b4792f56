/** What can be wrong with a log, as its own check says it. `added`: it goes on further than its writer knows. */
export type LogVerdict = 'altered' | 'missing' | 'reordered' | 'wrong workspace' | 'truncated' | 'added'

export interface LogFinding {
  verdict: LogVerdict
  /** The first entry that is not right. */
  entry: number
}

/** A finding in words, the same ones on every page, in messages and on the command line. */
export const findingText = ({ verdict, entry }: { verdict: string; entry: number }): string =>
  `${verdict}, first bad entry #${entry.toLocaleString('en')}`
