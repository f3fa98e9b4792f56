import type { Child } from 'hono/jsx'
import { Actions, ErrorSummary, type FormState, Input } from './components/form.tsx'
import { Dashboard, type Place, type Viewer } from './shells.tsx'

interface ConfirmProps {
  viewer: Viewer
  current: Place
  title: string
  /** What will happen, in a sentence or two. */
  consequence: string
  action: string
  submit: string
  cancel: string
  /** What has to be typed; absent where a click is enough. */
  typed?: string
  /** What has to be known or decided before, and the names of those fields. */
  fields?: string[]
  children?: Child
  state: FormState
}

/** Destroying something is a page of its own. */
export function ConfirmPage(props: ConfirmProps) {
  const { viewer, current, title, consequence, action, submit, cancel, typed, state, fields = [], children } = props
  return (
    <Dashboard title={title} viewer={viewer} current={current} failed={state.errors.length > 0}>
      <ErrorSummary errors={state.errors} fields={typed === undefined ? fields : ['confirm', ...fields]} />
      <div class="stack">
        <h1 class="wrap">{title}</h1>
        <p class="lead wrap">{consequence}</p>
      </div>
      <form class="form" method="post" action={action} novalidate>
        {children}
        {typed === undefined ? null : <Input state={state} name="confirm" label={`Type “${typed}” to confirm`} />}
        <Actions submit={submit} cancel={cancel} danger />
      </form>
    </Dashboard>
  )
}
