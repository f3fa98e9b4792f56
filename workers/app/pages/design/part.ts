import type { Child } from 'hono/jsx'
import type { Theme } from './colours.ts'

/** A part of the page: one or a few components, in each state that they have. */
export interface DesignPart {
  id: string
  title: string
  /** Needs the whole width: the themes are below each other. */
  wide?: boolean
  show(theme: Theme): Child
}
