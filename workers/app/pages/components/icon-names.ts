/** Icons by what they mean here, each with its name at Lucide. */
export const LUCIDE = {
  up: 'circle-check',
  degraded: 'triangle-alert',
  down: 'octagon-x',
  paused: 'pause',
  pending: 'clock',
  stale: 'circle-question-mark',
  plus: 'plus',
  play: 'play',
  trash: 'trash-2',
  edit: 'pencil',
  copy: 'copy',
  external: 'external-link',
  download: 'download',
  shield: 'shield-check',
  bell: 'bell',
  key: 'key',
  activity: 'activity',
  plug: 'plug',
  book: 'book-open',
  signIn: 'log-in',
  signOut: 'log-out',
  layout: 'panels-top-left',
  layers: 'layers',
  lock: 'lock',
  send: 'send',
  rss: 'rss',
  switch: 'chevrons-up-down',
  check: 'check',
  refresh: 'refresh-cw',
} as const

/** Marks of those by whom people sign in, each with its name at Simple Icons. They are trademarks of their owners. */
export const MARKS = { github: 'github', google: 'google' } as const

export type IconName = keyof typeof LUCIDE | keyof typeof MARKS

/** The mark of a provider of identities, where we have one. */
export const markOf = (provider: string): IconName => (provider in MARKS ? (provider as keyof typeof MARKS) : 'signIn')
