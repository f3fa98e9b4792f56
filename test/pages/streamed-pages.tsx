import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { CheckPage, CheckUrlPage } from '../../workers/app/pages/check.tsx'
import { CheckAnswer, CheckRow, CheckWaiting, type SeenCheck } from '../../workers/app/pages/components/check-table.tsx'
import { renderParts } from '../../workers/app/pages/document.tsx'
import { NOW, type Say } from './fixtures.ts'

const DOCTYPE = '<!doctype html>'

/** A streamed page as it is when all of it has come. */
export function whole(page: Child, rows: Child[], closing: Child): Child {
  const [head = '', middle, end] = renderParts(page)
  return raw([head.slice(DOCTYPE.length), ...rows.map(String), middle, String(closing), end].join(''))
}

export const CHECKS: SeenCheck[] = [
  { at: NOW, latencyMs: 48, status: 200, errorClass: 'none' },
  { at: NOW + 1000, latencyMs: 1203, status: 503, errorClass: 'http' },
  { at: NOW + 3000, latencyMs: 5000, status: 0, errorClass: 'timeout' },
]

/** Pages that are sent as they come to be, outside the dashboard. */
export function openPages(say: Say): [string, Child][] {
  const target = new URL('https://shop.acme.test/cart?a=1&b=2')
  const rows = CHECKS.flatMap((check, i) => [
    <CheckWaiting>{`Check ${i + 1} of 3 is under way …`}</CheckWaiting>,
    <CheckRow check={check} />,
  ])
  const answer = <CheckAnswer name={say('shop.acme.test')} checks={CHECKS} />
  const refused = { values: { url: say('ftp://acme') }, errors: [{ field: 'url', message: say('Not so.') }] }
  return [
    ['check', whole(<CheckPage target={target} checks={3} />, rows, answer)],
    ['check-form', <CheckUrlPage state={{ values: {}, errors: [] }} />],
    ['check-led', <CheckUrlPage state={{ values: { url: say('https://shop.acme.test') }, errors: [] }} led />],
    ['check-refused', <CheckUrlPage state={refused} />],
  ]
}
