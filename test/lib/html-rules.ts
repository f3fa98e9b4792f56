import { HtmlValidate, StaticConfigLoader } from 'html-validate/browser'

type Rules = Record<string, 'off' | ['error', object]>

/** All that html-validate recommends, and all that the standard says; where a rule has a choice, ours. */
const RULES: Rules = {
  'doctype-style': ['error', { style: 'lowercase' }],
  // Boxes of one question share a name: each that is ticked is one more value.
  'form-dup-name': ['error', { shared: ['checkbox', 'radio'] }],
  // `<br>` and `<br/>` are one to a parser: each renderer writes its own.
  'void-style': 'off',
  // `hidden` and `hidden=""` likewise.
  'attribute-boolean-style': 'off',
  // A mail's signature begins below a line of two hyphens and a space, which is shown as it is.
  'no-trailing-whitespace': 'off',
  // A title begins with what the page is about, which people name, and browsers cut its end.
  'long-title': 'off',
}

/** Besides, in a mail: readers throw away sheets, and keep what stands in the element. */
export const IN_A_MAIL: Rules = { 'no-inline-style': 'off' }

/** What an HTML validator has to say about a page, each with the place. */
export function htmlFaults(html: string, besides: Rules = {}): string[] {
  const extend = ['html-validate:recommended', 'html-validate:standard']
  const validator = new HtmlValidate(new StaticConfigLoader({ extends: extend, rules: { ...RULES, ...besides } }))
  return validator
    .validateStringSync(html)
    .results.flatMap(({ messages }) => messages)
    .map(({ ruleId, message, offset }) => `${ruleId}: ${message}, at ${html.slice(offset, offset + 80)}`)
}
