import type { ErrorClass } from '../../../../shared/domain/check.ts'

/** What a failed check was, as the end of a sentence. Nothing of it is the target's own text. */
export const FAILURES: Record<ErrorClass, string> = {
  none: 'no answer came',
  dns: 'its name could not be resolved',
  connect: 'the connection was refused or lost',
  tls: 'no secure connection could be made',
  timeout: 'no answer came in time',
  // With a status, that is said in its place.
  http: 'it redirects too often',
  assertion: 'it was not the answer that was expected',
  address_refused: 'it leads to an address that Candor does not reach',
  probe_internal: 'the check could not be made on our side',
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** The same as a sentence of its own. */
export const failureSentence = (errorClass: ErrorClass): string => `${capital(FAILURES[errorClass])}.`
