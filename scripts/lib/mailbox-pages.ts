import { html } from 'hono/html'
import type { KeptMail } from './mailbox.ts'

type Part = ReturnType<typeof html>

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
const time = (at: number) => html`<time datetime="${new Date(at).toISOString()}">${TIME.format(at)} UTC</time>`
const senderOf = ({ from }: KeptMail) => `${from.name} <${from.address}>`

/** A page in the look of the app's own; everything that is put in is escaped by `html`. */
const page = (title: string, content: Part) =>
  String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Mail · Candor</title>
<link rel="stylesheet" href="/assets/app.css">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div class="top-in">
<a class="brand" href="/">Candor</a>
<nav class="menu" aria-label="Main"><a href="/mail" aria-current="page">Mail of this machine</a></nav>
</div></header>
<main id="main" class="page page-wide stack-lg">
${content}
</main>
</body>
</html>`)

/** An address that breaks where people would break it. */
const breakable = (address: string) => address.split(/(?<=[@.])/).map((part) => html`${part}<wbr>`)

const row = (mail: KeptMail) => html`<tr>
<th scope="row" class="wrap"><a href="/mail/${mail.id}">${mail.subject}</a></th>
<td data-label="To">${breakable(mail.to)}</td>
<td data-label="Sent">${time(mail.at)}</td>
</tr>`

const table = (mails: KeptMail[]) => html`<section class="scroll" tabindex="0" aria-label="Mails, newest first">
<table class="stacks">
<caption class="visually-hidden">Mails, newest first</caption>
<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr></thead>
<tbody>${mails.map(row)}</tbody>
</table>
</section>`

/** The newest mails. */
export const listPage = (mails: KeptMail[]): string =>
  page(
    'All',
    html`<div class="stack">
<h1>Mail</h1>
<p>Candor sends no mail while you try it on this machine. What it would have sent is kept here.</p>
</div>
${mails.length === 0 ? html`<p>No mail yet.</p>` : table(mails)}`,
  )

/** The links of a text can be followed: those in the frame cannot. */
const linked = (text: string) =>
  text.split(/(https?:\/\/[^\s"<>]+)/).map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))

/** One mail, as text and as it looks. The frame may do nothing: no script, no form, no way out of it. */
export const mailPage = (mail: KeptMail): string =>
  page(
    mail.subject,
    html`<div class="stack">
<h1 class="wrap">${mail.subject}</h1>
<p class="wrap">From ${senderOf(mail)}<br>to ${mail.to}<br>${time(mail.at)}</p>
</div>
<section class="stack" aria-labelledby="text"><h2 id="text">Text</h2><pre class="code">${linked(mail.text)}</pre></section>
<section class="stack" aria-labelledby="html"><h2 id="html">HTML</h2>
<iframe sandbox src="/mail/${mail.id}/html" title="The mail as HTML" height="480"></iframe></section>
<p><a href="/mail">All mails</a></p>`,
  )

export const notFoundPage = (): string =>
  page('Not found', html`<h1>There is no such mail</h1><p><a href="/mail">All mails</a></p>`)
