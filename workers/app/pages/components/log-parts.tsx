import { type FormState, Input } from './form.tsx'
import { Icon } from './icon.tsx'
import { pathWith } from './link.tsx'
import type { LogPlace } from './log-place.ts'

/** Choices with whatever is chosen now among them: a link may name what no list has. */
export function choices(any: string, known: [value: string, label: string][], chosen: string | undefined) {
  const missing = chosen !== undefined && chosen !== '' && !known.some(([value]) => value === chosen)
  return [['', any], ...known, ...(missing ? [[chosen, chosen]] : [])] as [string, string][]
}

/** The fields that the filter of every log ends with. */
export const END_FIELDS = ['from', 'to']

interface FilterEndProps {
  state: FormState
  filter: Record<string, string>
  path: string
}

/** What the filter of every log ends with. */
export function FilterEnd({ state, filter, path }: FilterEndProps) {
  return (
    <>
      <Input state={state} name="from" label="From (UTC)" type="date" />
      <Input state={state} name="to" label="To, inclusive (UTC)" type="date" />
      <div class="row">
        <button type="submit" class="btn btn-primary">
          Filter
        </button>
        {Object.values(filter).some((value) => value !== '') ? <a href={path}>Clear</a> : null}
      </div>
    </>
  )
}

/** Copies of what the filter leaves. */
export function Exports({ place, filter }: { place: LogPlace; filter: Record<string, string> }) {
  return (
    <>
      <a class="btn" href={pathWith(place.export, { ...filter, format: 'ndjson' })}>
        <Icon name="download" />
        Export NDJSON
      </a>
      <a class="btn" href={pathWith(place.export, { ...filter, format: 'csv' })}>
        <Icon name="download" />
        Export CSV
      </a>
    </>
  )
}

/** A page of a log on which nothing is. */
export function NoEntries({ more }: { more: boolean }) {
  return (
    <p class="muted">{more ? 'No entry of this stretch of the log fits the filter.' : 'No entry fits this filter.'}</p>
  )
}
