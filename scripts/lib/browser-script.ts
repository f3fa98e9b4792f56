import { join } from 'node:path'
import { build } from 'esbuild'
import { ROOT } from './settings.ts'

/** The script of the pages of a log, as browsers get it. */
export async function browserScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'shared', 'browser', 'keep-checkpoint.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}
