import type { Mail } from '../../../../shared/domain/mail.ts'

/** What a mail says. Plain text, all of it: this file alone makes markup of it. */
export interface Letter {
  to: string
  subject: string
  paragraphs: string[]
  /** The one thing to do, under `paragraphs`. */
  link: { label: string; url: string }
  /** Why it came. */
  reason: string
}

/** RFC 5322 allows 998; nobody reads that many. */
const MAX_SUBJECT = 200

/**
 * One line, whatever names are in it: no line of a mail ends, and no header begins, where somebody who chose a name wants
 * it; and nothing turns the direction of the text around.
 */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim()

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string =>
  oneLine(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

/**
 * No colour is set, so that each reader's own hold, dark or light; nothing is loaded, so that nobody learns of the reading.
 */
function htmlOf({ subject, paragraphs, link, reason }: Letter): string {
  const url = escapeHtml(link.url)
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,\'Segoe UI\',sans-serif">',
    '<div style="max-width:34em;margin:0 auto;overflow-wrap:anywhere">',
    ...paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    `<p>${escapeHtml(link.label)}:<br><a href="${url}">${url}</a></p>`,
    `<p style="font-size:14px">${escapeHtml(reason)}</p>`,
    '</div></body></html>',
  ].join('\n')
}

/** A mail of what it says: as text, and the same as HTML. */
export function mailOf(letter: Letter): Mail {
  const { to, subject, paragraphs, link, reason } = letter
  const parts = [...paragraphs.map(oneLine), `${oneLine(link.label)}:\n${oneLine(link.url)}`, `-- \n${oneLine(reason)}`]
  return {
    to,
    subject: [...oneLine(subject)].slice(0, MAX_SUBJECT).join(''),
    text: `${parts.join('\n\n')}\n`,
    html: htmlOf(letter),
  }
}
