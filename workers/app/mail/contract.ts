import type { Mail, Sender } from '../../../shared/domain/mail.ts'

/** `id` is stable over repeats, so that a service which knows it already sends nothing. */
export interface Posting {
  id: string
  from: Sender
}

/**
 * What came of one try. `why` names a service, a status or its code for the fault; never an address, and nothing that the
 * service says in words, which may hold one.
 */
export type Sent =
  | { ok: true; why: string }
  /** It may pass. `afterSeconds` is what the service asks for, if it does. */
  | { retry: true; why: string; afterSeconds: number | null }
  /** It will be the same the next time. */
  | { refused: true; why: string }

/** A way for mails to leave. */
export interface Driver {
  /** Never throws for what the service does. */
  send(mail: Mail, posting: Posting): Promise<Sent>
}
