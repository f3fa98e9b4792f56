import type { CheckResult, HttpCheck } from '../../shared/domain/check.ts'

const REDACTED = '[redacted]'
/** Anything shorter is a word that an answer may have by itself, and no secret worth the name. */
const MIN_CHARACTERS = 6

/** Request headers that say what is wanted, not who wants it. */
const NO_SECRET = /^(?:accept(?:-.*)?|cache-control|content-type|user-agent|pragma|range|if-.*)$/i

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

/** How a value may come back: as it is, in JSON, in an address, on a page, or encoded whole. */
const spellingsOf = (text: string): string[] => [
  text,
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text.toWellFormed()),
  escapeHtml(text),
  base64(text),
]

/** `user:password` of Basic credentials (RFC 7617), and the password. */
function basicOf(value: string): string[] {
  const [, encoded] = /^basic\s+([A-Za-z0-9+/=]+)$/i.exec(value) ?? []
  try {
    const text = encoded === undefined ? '' : atob(encoded)
    return [text, text.slice(text.indexOf(':') + 1)]
  } catch {
    return []
  }
}

/** A header's value, and what it is put together of: a token after its scheme, a cookie's value. */
function ofHeader(value: string): string[] {
  const parts = value.split(/[\s;,]+/).flatMap((part) => [part, part.slice(part.indexOf('=') + 1)])
  return [value, ...parts, ...parts.map((part) => part.replace(/^"(.*)"$/, '$1')), ...basicOf(value)]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** A body, and the values in it when it is JSON or a form. */
function ofBody(body: string): string[] {
  try {
    return [body, ...stringsIn(JSON.parse(body))]
  } catch {
    return [body, ...new URLSearchParams(body).values()]
  }
}

function secretsOf({ headers, body }: HttpCheck): string[] {
  const values = headers.filter(({ key }) => !NO_SECRET.test(key)).flatMap(({ value }) => ofHeader(value))
  const all = [...values, ...(body === null ? [] : ofBody(body))].filter(({ length }) => length >= MIN_CHARACTERS)
  return [...new Set(all.flatMap(spellingsOf))].toSorted((a, b) => b.length - a.length)
}

/** Without the beginning of a secret at its end, where a limit has cut the text. */
function withoutBeginning(text: string, secret: string): string {
  if (!secret.includes(text.slice(-MIN_CHARACTERS))) return text
  for (let length = Math.min(secret.length - 1, text.length); length >= MIN_CHARACTERS; length--)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + REDACTED
  return text
}

/**
 * A result in which the request's own secrets do not stand, whatever the target has sent back: they are sealed where they
 * are kept, and a result is read by everybody in the workspace. A target that encodes them its own way is not understood.
 */
export function redact(check: HttpCheck, result: CheckResult): CheckResult {
  const secrets = secretsOf(check)
  const clean = (text: string) =>
    secrets.reduce((rest, secret) => withoutBeginning(rest.replaceAll(secret, REDACTED), secret), text)
  const { statusLine, headers, body, hops } = result.evidence
  return {
    ...result,
    message: clean(result.message),
    evidence: {
      statusLine: statusLine && clean(statusLine),
      headers: headers.map(({ key, value }) => ({ key: clean(key), value: clean(value) })),
      body: clean(body),
      hops: hops.map((hop) => (hop === check.url ? hop : clean(hop))),
    },
  }
}
