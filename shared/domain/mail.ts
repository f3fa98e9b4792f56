/**
 * What is to be written to somebody. Ids only: whom it goes to, and what it says, is looked up when it goes out, so that no
 * address and no secret lies in the outbox.
 */
export type MailRequest =
  | { kind: 'api_key_expiring'; keyId: string }
  | { kind: 'api_key_leaked'; keyId: string; userId: string }
  | { kind: 'integration_failing'; deliveryId: string; userId: string }
  | { kind: 'invitation'; invitationId: string }
  | { kind: 'monitors_paused'; userId: string }
  | { kind: 'monitors_pausing'; userId: string }
  | { kind: 'workspace_ending'; userId: string }
  | { kind: 'account_ending'; userId: string }

export type MailKind = MailRequest['kind']
export type MailOf<K extends MailKind> = Extract<MailRequest, { kind: K }>

/** A mail, ready to be sent. `html` says what `text` says. */
export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}

/** Whom mails are from. */
export interface Sender {
  name: string
  address: string
}

/** One address and nothing else: no character of it can end a header, or begin another address. */
export const isAddress = (text: string): boolean =>
  /^[^\s@<>"\\,;:()[\]\p{C}]{1,64}@[^\s@<>"\\,;:()[\]\p{C}]{1,255}$/u.test(text)
