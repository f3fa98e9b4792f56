import type { z } from 'zod'

/** Bears out of every context in which a page has text: an element or attribute of this name exists nowhere else. */
export const MARK = 'zzran'
export const HOSTILE = `</title></textarea></style></script>--></svg>'"><${MARK} ${MARK}=1 onfocus=${MARK}()>`

/** The same where a contract wants a form: an address, an e-mail address, a word. The first that is taken is used. */
const FORMS = [
  HOSTILE,
  `https://acme.test/${HOSTILE}?${HOSTILE}#${HOSTILE}`,
  `'"><${MARK}`,
  `${MARK}'@example.test`,
  `javascript:${MARK}()`,
]

interface Def {
  type: string
  shape?: Record<string, z.ZodType>
  innerType?: z.ZodType
  element?: z.ZodType
  in?: z.ZodType
  options?: z.ZodType[]
  valueType?: z.ZodType
}

type Path = (string | number)[]

/** Where a contract takes text. `like` is an input of it: whose keys a record has, which is of nobody else's choosing. */
export function textFieldsOf(schema: z.ZodType, like: unknown = undefined, at: Path = []): Path[] {
  const def = schema.def as unknown as Def
  const inside = (part: z.ZodType, key: string | number) =>
    textFieldsOf(part, (like as Record<string, unknown> | undefined)?.[key], [...at, key])
  if (def.type === 'string') return [at]
  if (def.shape) return Object.entries(def.shape).flatMap(([key, part]) => inside(part, key))
  if (def.element) return inside(def.element, 0)
  if (def.valueType) return Object.keys(like ?? {}).flatMap((key) => (def.valueType ? inside(def.valueType, key) : []))
  if (def.options) return def.options.flatMap((part) => textFieldsOf(part, like, at))
  const inner = def.innerType ?? def.in
  return inner ? textFieldsOf(inner, like, at) : []
}

/** A copy with another value at one place; what is missing on the way to it is made. */
function withValue(input: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy: unknown =
    typeof key === 'number' ? [...((input as unknown[] | null | undefined) ?? [])] : { ...(input as object) }
  const holder = copy as Record<string | number, unknown>
  holder[key] = withValue(holder[key], rest, value)
  return copy
}

/** An input with something hostile in each field that takes it, or in one only, and which fields those are. */
export function hostileInput(schema: z.ZodType, valid: unknown, only?: string): { input: unknown; fields: string[] } {
  let input = valid
  const fields: string[] = []
  const paths = textFieldsOf(schema, valid).filter((path) => only === undefined || path.join('.') === only)
  for (const path of paths) {
    const taken = FORMS.map((form) => withValue(input, path, form)).find((one) => schema.safeParse(one).success)
    if (taken === undefined) continue
    input = taken
    fields.push(path.join('.'))
  }
  return { input, fields }
}
