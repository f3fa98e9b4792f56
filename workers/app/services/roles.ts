import { ROLES, type Role, reaches } from '../../../shared/contracts/common.ts'
import { ACTION_WORDS } from '../../../shared/domain/action-words.ts'
import { PEOPLE_AND_KEYS } from './mutation.ts'
import { MUTATIONS } from './mutations.ts'

export interface RoleLine {
  action: string
  /** The same in plain words. */
  words: string
  /** The weakest role that may. */
  role: Role
  /** Whether an API key of somebody with that role may as well. */
  keys: boolean
}

/** Which role may make which change, as the register of changes says. Everything else is read, which every role may. */
export const roleLines = (): RoleLine[] =>
  MUTATIONS.map(({ action, role, credentials = PEOPLE_AND_KEYS }) => ({
    action: action as string,
    words: ACTION_WORDS[action] ?? action,
    role,
    keys: credentials.includes('api_key'),
    people: credentials.includes('session'),
  }))
    .filter(({ keys, people }) => keys || people)
    .map(({ people: _, ...line }) => line)
    .toSorted((one, other) => ROLES.indexOf(one.role) - ROLES.indexOf(other.role))

/** Actions of the changes that somebody with a role may make, signed in; `ending`: in a workspace that is being deleted. */
export function changesOf(role: Role, ending: boolean): ReadonlySet<string> {
  const may = MUTATIONS.filter(
    (verb) =>
      (verb.credentials ?? PEOPLE_AND_KEYS).includes('session') &&
      reaches(role, verb.role) &&
      (!ending || verb.whileEnding === true),
  )
  return new Set(may.map(({ action }) => action))
}

/** The table of `docs/roles.md`. */
export function rolesMarkdown(): string {
  const mark = (yes: boolean) => (yes ? 'yes' : '')
  const lines = roleLines().map(({ action, words, role, keys }) => {
    const cells = [words, `\`${action}\``, ...ROLES.map((one) => mark(reaches(one, role))), mark(keys)]
    return `| ${cells.join(' | ')} |`
  })
  return [
    `| change | action | ${ROLES.join(' | ')} | also API keys |`,
    `|---|---|${ROLES.map(() => '---|').join('')}---|`,
    ...lines,
  ].join('\n')
}
