/**
 * What is to be written to somebody. Ids only: whom it goes to, and what it says, is looked up when it goes out, so that no
 * address and no secret lies in the outbox.
 */
export type MailRequest = { kind: 'invitation'; invitationId: string }

export type MailKind = MailRequest['kind']
export type MailOf<K extends MailKind> = Extract<MailRequest, { kind: K }>

/** A mail, ready to be sent. `html` says what `text` says. */
export interface Mail {
  to: string
  subject: string
  text: string
  html: string
}
