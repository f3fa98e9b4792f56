import { renderDocument } from '../../workers/app/pages/document.tsx'
import { STATUS_PAGE_CSS } from '../../workers/app/pages/status-page.css.ts'
import { everyPage } from './every-page.tsx'
import type { Say } from './fixtures.ts'

/** Every page as it is sent, by name. */
export const renderAll = (say?: Say): [name: string, html: string][] =>
  [...everyPage(say, STATUS_PAGE_CSS)].map(([name, page]) => [name, renderDocument(page)])

/** The same text without its inlined styles. */
export const withoutStyles = (html: string): string => html.replace(/<style>.*?<\/style>/s, '')

export const countOf = (html: string, pattern: RegExp): number => [...html.matchAll(pattern)].length

/** What is between tags, and nothing else: what a person can read. */
export const textOf = (html: string): string =>
  withoutStyles(html)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
