import type { Child } from 'hono/jsx'
import type { FieldError } from '../../../../shared/errors.ts'

/** What a person typed, by field. */
export type Values = Record<string, string | string[] | undefined>

export interface FormState {
  values: Values
  errors: FieldError[]
}

const text = (value: Values[string]): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
const idOf = (name: string) => `f-${name.replaceAll('.', '-')}`
const isAbout = (error: FieldError, name: string) => error.field === name || error.field.startsWith(`${name}.`)
const errorOf = (state: FormState, name: string) => state.errors.find((error) => isAbout(error, name))?.message

/** All that is wrong, in one place, each with a link to its field. */
export function ErrorSummary({ errors, fields }: { errors: FieldError[]; fields: string[] }) {
  if (errors.length === 0) return null
  return (
    <section class="summary stack" role="alert" aria-labelledby="summary-title">
      <h2 id="summary-title">There is a problem</h2>
      <ul class="plain">
        {errors.map((error) => {
          const field = fields.find((name) => isAbout(error, name))
          return <li>{field ? <a href={`#${idOf(field)}`}>{error.message}</a> : error.message}</li>
        })}
      </ul>
    </section>
  )
}

interface FieldProps {
  state: FormState
  name: string
  label: string
  hint?: string
}

/** What a field wants, and what is wrong with it. */
function Notes({ state, name, hint }: FieldProps) {
  const error = errorOf(state, name)
  return (
    <>
      {hint === undefined ? null : (
        <p class="hint" id={`${idOf(name)}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="error" id={`${idOf(name)}-error`}>
          {error}
        </p>
      )}
    </>
  )
}

function Frame({ children, ...field }: FieldProps & { children?: Child }) {
  return (
    <div class="field" data-error={errorOf(field.state, field.name) === undefined ? undefined : ''}>
      <label for={idOf(field.name)}>{field.label}</label>
      <Notes {...field} />
      {children}
    </div>
  )
}

function described({ state, name, hint }: FieldProps) {
  const error = errorOf(state, name)
  const ids = [hint === undefined ? '' : `${idOf(name)}-hint`, error === undefined ? '' : `${idOf(name)}-error`]
  return {
    id: idOf(name),
    name,
    'aria-describedby': ids.filter(Boolean).join(' ') || undefined,
    'aria-invalid': error === undefined ? undefined : ('true' as const),
  }
}

interface InputProps extends FieldProps {
  type?: string
  required?: boolean
  inputmode?: 'url' | 'numeric'
  autocomplete?: string
  placeholder?: string
}

export function Input({ type = 'text', required, inputmode, autocomplete = 'off', placeholder, ...field }: InputProps) {
  return (
    <Frame {...field}>
      <input
        {...described(field)}
        type={type}
        value={text(field.state.values[field.name])}
        required={required}
        inputmode={inputmode}
        autocomplete={autocomplete}
        placeholder={placeholder}
      />
    </Frame>
  )
}

export function Textarea(field: FieldProps) {
  return (
    <Frame {...field}>
      <textarea {...described(field)} spellcheck={false}>
        {text(field.state.values[field.name])}
      </textarea>
    </Frame>
  )
}

export function Select({ options, ...field }: FieldProps & { options: [value: string, label: string][] }) {
  const current = text(field.state.values[field.name])
  return (
    <Frame {...field}>
      <select {...described(field)}>
        {options.map(([value, label]) => (
          <option value={value} selected={value === current}>
            {label}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** One thing to tick. Its value is `on`. */
export function Checkbox(field: FieldProps) {
  const { state, name, label } = field
  const error = errorOf(state, name)
  return (
    <div class="field" data-error={error === undefined ? undefined : ''}>
      <Notes {...field} />
      <div class="check">
        <input type="checkbox" {...described(field)} value="on" checked={text(state.values[name]) === 'on'} />
        <label for={idOf(name)}>{label}</label>
      </div>
    </div>
  )
}

/** Several of a list. The summary links to the first of them. */
export function Choices({ options, ...field }: FieldProps & { options: [value: string, label: string][] }) {
  const { state, name, label } = field
  const values = state.values[name]
  const chosen = Array.isArray(values) ? values : values === undefined ? [] : [values]
  const { id, 'aria-describedby': describedBy } = described(field)
  return (
    <fieldset
      class="field"
      id={options.length === 0 ? id : undefined}
      aria-describedby={describedBy}
      data-error={errorOf(state, name) === undefined ? undefined : ''}
    >
      <legend>{label}</legend>
      <Notes {...field} />
      {options.map(([value, optionLabel], i) => (
        <div class="check">
          <input
            type="checkbox"
            id={i === 0 ? id : `${id}-${i}`}
            name={name}
            value={value}
            checked={chosen.includes(value)}
          />
          <label class="wrap" for={i === 0 ? id : `${id}-${i}`}>
            {optionLabel}
          </label>
        </div>
      ))}
    </fieldset>
  )
}

/** Fields that belong together, under a name. */
export function Part({ title, children }: { title: string; children?: Child }) {
  return (
    <fieldset class="part">
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}

/** The buttons of a form: what it does, and the way back. */
export function Actions({ submit, cancel, danger }: { submit: string; cancel: string; danger?: boolean }) {
  return (
    <div class="field row">
      <button type="submit" class={danger ? 'btn btn-danger' : 'btn btn-primary'}>
        {submit}
      </button>
      <a class="btn" href={cancel}>
        Cancel
      </a>
    </div>
  )
}
