import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'

/** The same in another form, for programs. */
export interface Alternate {
  type: string
  title: string
  href: string
}

/** A whole document as text. */
export const renderDocument = (document: Child): string => `<!doctype html>${String(document)}`

const LATER = '<!--later-->'

/** Where something is written once it is known, in a page that is sent as it comes to be. */
export const Later = () => raw(LATER)

/** A page in parts, cut at each `Later`. No text on it can be taken for one: there `<` is escaped. */
export const renderParts = (document: Child): string[] => renderDocument(document).split(LATER)

interface DocumentProps {
  title: string
  /** Styles of a page that is one request; without them the shared sheet is linked. Never made of what people typed. */
  styles?: string
  description?: string
  /** A script of ours, which the page is whole without. */
  script?: string
  alternates?: Alternate[]
  children?: Child
}

export function Document({ title, styles, description, script, alternates = [], children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {description === undefined ? null : <meta name="description" content={description} />}
        <title>{title}</title>
        {styles === undefined ? <link rel="stylesheet" href="/assets/app.css" /> : <style>{raw(styles)}</style>}
        {styles === undefined ? (
          <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ) : (
          <link rel="icon" href="data:," />
        )}
        {alternates.map((alternate) => (
          <link rel="alternate" {...alternate} />
        ))}
        {script === undefined ? null : <script src={script} defer />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  )
}
