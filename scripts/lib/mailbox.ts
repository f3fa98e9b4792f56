import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { idPattern } from '../../shared/ids.ts'
import { listPage, mailPage, notFoundPage } from './mailbox-pages.ts'

/** Mails that are kept: enough to look at, and never so many that they fill a disk. */
const KEPT = 500
const SHOWN = 100

const Id = z.string().regex(idPattern('outbox'))
const Posted = z.object({
  id: Id,
  from: z.object({ name: z.string(), address: z.string() }),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
})
const Kept = Posted.extend({ at: z.number() })
export type KeptMail = z.infer<typeof Kept>

const fileOf = (folder: string, id: string) => join(folder, `${id}.json`)

function read(folder: string, id: string): KeptMail | null {
  if (!Id.safeParse(id).success || !existsSync(fileOf(folder, id))) return null
  return Kept.parse(JSON.parse(readFileSync(fileOf(folder, id), 'utf8')))
}

/** Newest first. A mail's name says nothing of its age. */
function readAll(folder: string): KeptMail[] {
  const ids = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
  const mails = ids.flatMap((id) => read(folder, id) ?? [])
  return mails.toSorted((a, b) => b.at - a.at)
}

/** One mail an id, whole or not at all: one that comes again after a crash is the same mail. */
function keep(folder: string, mail: z.infer<typeof Posted>): void {
  if (existsSync(fileOf(folder, mail.id))) return
  for (const { id } of readAll(folder).slice(KEPT - 1)) rmSync(fileOf(folder, id))
  const draft = join(folder, `${mail.id}.draft`)
  writeFileSync(draft, `${JSON.stringify({ at: Date.now(), ...mail }, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, fileOf(folder, mail.id))
}

const page = (html: string, status = 200, policy: Record<string, string> = {}) =>
  new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...policy } })

const STRICT =
  "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
/** A page of ours, with a mail in a frame. */
const FRAMING = { 'content-security-policy': `${STRICT}; frame-ancestors 'none'` }
/** What a mail says, as somebody's mail program would show it: no script, no form, nothing loaded, an origin of its own. */
const FRAMED = {
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
  'x-frame-options': 'SAMEORIGIN',
}

function show(folder: string, path: string): Response {
  const [, , id, part] = path.split('/')
  if (id === undefined) return page(listPage(readAll(folder).slice(0, SHOWN)))
  const mail = read(folder, id)
  if (!mail || (part !== undefined && part !== 'html')) return page(notFoundPage(), 404)
  return part === 'html' ? page(mail.html, 200, FRAMED) : page(mailPage(mail), 200, FRAMING)
}

/**
 * The mailbox of a trial on one machine: files that only their owner can read, which outlast a restart, and the pages at
 * `/mail`. The app posts to it and hands it what is asked at that address, and knows nothing else of it.
 */
export function makeMailbox(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (request.method !== 'POST') return show(folder, new URL(request.url).pathname)
    const mail = Posted.safeParse(await request.json())
    if (!mail.success) return new Response(null, { status: 400 })
    keep(folder, mail.data)
    return new Response(null, { status: 204 })
  }
}
