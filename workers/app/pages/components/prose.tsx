import { raw } from 'hono/html'

/** Markup that the build has made of a file of this repository. Never of anything that people typed. */
export function Prose({ html }: { html: string }) {
  return <div class="prose">{raw(html)}</div>
}
