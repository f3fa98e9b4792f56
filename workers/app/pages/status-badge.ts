import { xmlText } from '../../../shared/domain/atom.ts'
import { OVERALL_SENTENCES, type Overall } from '../../../shared/domain/status.ts'
import { SHAPES } from './components/shapes.ts'
import { OVERALL_TONES } from './components/status.tsx'
import type { PublicStatus } from './public-status.ts'

const WORDS: Record<Overall, string> = {
  operational: 'Operational',
  degraded: 'Degraded',
  partial_outage: 'Partly down',
  major_outage: 'Down',
  unknown: 'Not known',
}

/** On a ground of its own, so that it reads on any page; with the tokens of static/assets/app.css. */
export const BADGE_STYLES =
  'rect{fill:#fcfcfd;stroke:#8b8d98}text{fill:#1c2024}g{fill:none;stroke:#60646c}' +
  '.up{stroke:#0d9b8a}.degraded{stroke:#cc6f05}.down{stroke:#a8123a}' +
  '@media (prefers-color-scheme:dark){rect{fill:#18191b;stroke:#696e77}text{fill:#edeef0}g{stroke:#b0b4ba}' +
  '.up{stroke:#0eb39e}.degraded{stroke:#ffca16}.down{stroke:#ec5a72}}'

const HEIGHT = 24
const EDGE = 8
const ICON = 14
const GAP = 6
const MAX_LABEL = 40

/** Roughly how wide text is at 12 pixels; `textLength` then holds every font to it. */
const widthOf = (text: string, weight: number): number =>
  Math.round(
    weight *
      [...text].reduce((sum, sign) => {
        if (/[fijlrtI.,:;'|!()[\] -]/.test(sign)) return sum + 4
        if (/[mwMW@%]/.test(sign)) return sum + 10
        return sum + (/[\u0020-\u024F]/.test(sign) ? (/[A-Z0-9]/.test(sign) ? 8 : 6.8) : 12)
      }, 0),
  )

const textAt = (x: number, width: number, text: string, weight: number): string =>
  `<text x="${x}" y="16" font-weight="${weight}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${xmlText(text)}</text>`

const shorten = (text: string): string => {
  const signs = [...text]
  return signs.length <= MAX_LABEL ? text : `${signs.slice(0, MAX_LABEL - 1).join('')}…`
}

/** The state of a page in one picture: the page's title, a shape and a word, and the whole sentence for those who are read to. */
export function statusBadge({ title, overall }: PublicStatus): string {
  const word = WORDS[overall]
  const tone = OVERALL_TONES[overall]
  const label = shorten(title)
  const [labelWidth, wordWidth] = [widthOf(label, 1), widthOf(word, 1.06)]
  const iconAt = EDGE + labelWidth + EDGE
  const wordAt = iconAt + ICON + GAP
  const width = wordAt + wordWidth + EDGE
  const sentence = xmlText(`${title}: ${OVERALL_SENTENCES[overall]}`)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${sentence}" ` +
    'font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="12">' +
    `<title>${sentence}</title><style>${BADGE_STYLES}</style>` +
    `<rect x=".5" y=".5" width="${width - 1}" height="${HEIGHT - 1}" rx="4"/>` +
    textAt(EDGE, labelWidth, label, 400) +
    `<g class="${tone}" transform="translate(${iconAt} 5) scale(${(ICON / 24).toFixed(3)})" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">${SHAPES[tone]}</g>` +
    `${textAt(wordAt, wordWidth, word, 600)}</svg>`
  )
}
