import { raw } from 'hono/html'
import { Heading, Section } from './components/page-parts.tsx'
import { Parts } from './components/site-foot.tsx'
import type { Theme } from './design/colours.ts'
import { FIGURE_PARTS } from './design/figures.tsx'
import { FORM_PARTS } from './design/forms.tsx'
import type { DesignPart } from './design/part.ts'
import { tokenParts } from './design/tokens.tsx'
import { WORD_PARTS } from './design/words.tsx'
import { Plain } from './shells.tsx'

/** What names a thing of the page, or leads to one by its name. */
const NAMES = / (id|for|aria-labelledby|aria-describedby|aria-label|href)="([^"]*)"/g

/** The same markup is on the page more than once: what is named in it gets a name of its own, so that each is found. */
function apart(html: string, { id, theme }: { id: string; theme: Theme }): string {
  return html.replaceAll(NAMES, (all, attribute: string, value: string) => {
    if (attribute === 'href') return value.startsWith('#') ? ` href="${value}-${id}-${theme}"` : all
    if (attribute === 'aria-label') return ` aria-label="${value}, ${theme}"`
    const names = value.split(' ').map((name) => `${name}-${id}-${theme}`)
    return ` ${attribute}="${names.join(' ')}"`
  })
}

function InTheme({ part, theme }: { part: DesignPart; theme: Theme }) {
  return (
    <div class="theme stack" data-theme={theme}>
      {raw(apart(String(part.show(theme)), { id: part.id, theme }))}
    </div>
  )
}

/** Every component in its states, in both themes: for whoever changes one. `sheet`: the style sheet as it is served. */
export function DesignPage({ sheet }: { sheet: string }) {
  const parts = [...tokenParts(sheet), ...WORD_PARTS, ...FORM_PARTS, ...FIGURE_PARTS]
  return (
    <Plain title="Design" wide>
      <div class="stack">
        <Heading title="Design" />
        <p class="lead">Every component in each of its states, and what it is made of, in both themes.</p>
        <Parts parts={parts.map(({ id, title }) => ({ id, text: title }))} />
      </div>
      {parts.map((part) => (
        <Section id={part.id} title={part.title}>
          <div class={part.wide ? 'stack' : 'themes'}>
            <InTheme part={part} theme="light" />
            <InTheme part={part} theme="dark" />
          </div>
        </Section>
      ))}
    </Plain>
  )
}
