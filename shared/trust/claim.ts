/** A test that shows a claim: its file, and its whole name with the descriptions around it, as the runner says it. */
export interface Proof {
  file: string
  test: string
}

export interface Claim {
  /** Its place on the page. */
  id: string
  sentence: string
  /** How it works, in two lines. */
  how: string
  proofs: Proof[]
}

export interface Chapter {
  id: string
  title: string
  claims: Claim[]
}
