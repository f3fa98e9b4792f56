import { writeDocuments } from './lib/documents.ts'
import { runMain } from './lib/fail.ts'

// What the site shows of docs/, CHANGELOG.md and SECURITY.md. Wrangler runs it before each build (wrangler.toml).
await runMain(async () => writeDocuments())
