/** A document of `docs/`, as the site shows it. */
export interface ShownDocument {
  /** Where it stands on the site. */
  path: string
  /** Where it stands in the repository. */
  file: string
  title: string
  /** Its first paragraph, as text. */
  lead: string
  html: string
  /** Its parts, for the list at its head. */
  sections: { id: string; text: string }[]
}

/** A version in CHANGELOG.md. */
export interface Release {
  id: string
  name: string
  /** UTC day, as 2026-11-25; null while it is not released. */
  date: string | null
  html: string
}

/** Everything that the site shows of the repository's files, rendered by the build (scripts/documents.ts). */
export interface Documents {
  docs: ShownDocument[]
  releases: Release[]
  /** SECURITY.md without its title. */
  policy: string
  /** What of docs/threat-model.md stands under "Who can forge what". */
  forgery: string
  /** docs/data.md without its title. */
  stored: string
  /** How many requirements of docs/asvs.json stand how, by level. */
  asvs: AsvsFigures[]
}

export interface AsvsFigures {
  level: number
  met: number
  notMet: number
  notApplicable: number
  notAssessed: number
}
