import { configOf, type Env } from '../../bindings.ts'

/**
 * RFC 9116. `Expires` is fixed, because a date that moves by itself says nothing about anybody having looked; a test is
 * red from 30 days before it. Lines end with CRLF, which the RFC allows and every reader takes.
 */
export const SECURITY_TXT_EXPIRES = '2027-10-31T00:00:00.000Z'

export function securityTxt(env: Env): Response {
  const { publicUrl, securityContact } = configOf(env)
  const lines = [
    `Contact: ${securityContact}`,
    `Expires: ${SECURITY_TXT_EXPIRES}`,
    'Preferred-Languages: en',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    `Policy: ${publicUrl}/security#reports`,
    `Acknowledgments: ${publicUrl}/security#acknowledgments`,
  ]
  return new Response(lines.map((line) => `${line}\r\n`).join(''), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=3600' },
  })
}
