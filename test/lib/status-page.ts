import { parseXml } from './atom.ts'
import { ask, type Person } from './candor.ts'

/** A new public page; answers its slug. */
export async function publish(person: Person, monitorIds: string[], title = 'Acme'): Promise<string> {
  const slug = crypto.randomUUID()
  const { status, text } = await ask('POST', '/v1/status-pages', { as: person, body: { title, slug, monitorIds } })
  if (status !== 201) throw new Error(text)
  return slug
}

/** A picture as XML: what is written in an SVG of ours is as strict as a feed. */
export const parseSvg = (svg: string) => parseXml(`<?xml version="1.0" encoding="utf-8"?>\n${svg}\n`)
