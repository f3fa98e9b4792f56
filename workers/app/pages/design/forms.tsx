import type { FieldError } from '../../../../shared/errors.ts'
import {
  Actions,
  Checkbox,
  Choices,
  ErrorSummary,
  type FormState,
  Input,
  Part,
  Select,
  Textarea,
} from '../components/form.tsx'
import { choices, Exports, FilterEnd, NoEntries } from '../components/log-parts.tsx'
import { AUDIT_LOG } from '../components/log-place.ts'
import { May } from '../components/may.tsx'
import { NewWithinPlan, RoomNote, WithinPlan } from '../components/plan.tsx'
import { editor, fullRoom, reader, room } from './data.ts'
import type { DesignPart } from './part.ts'

const FIELDS = ['name', 'url', 'method', 'headers', 'redirects', 'told']
const VALUES = { name: 'Checkout', url: 'https://shop.acme.example', method: 'GET', redirects: 'on', told: ['1'] }

const wrong: FieldError[] = [
  { field: 'url', message: 'The URL starts with http:// or https://.' },
  { field: 'method', message: 'Choose one of the list.' },
  { field: 'headers', message: 'A header name has letters, digits and hyphens.' },
  { field: 'redirects', message: 'This cannot be left out here.' },
  { field: 'told', message: 'A monitor tells at most 20 integrations.' },
  { field: '', message: 'The plan Free has 10 monitors. Remove one first.' },
]

function Fields({ state }: { state: FormState }) {
  return (
    <form class="form" method="post" action="/design" novalidate>
      <Part title="What is checked">
        <Input state={state} name="name" label="Name" placeholder="Website" />
        <Input state={state} name="url" label="URL" type="url" inputmode="url" hint="Redirects are followed." />
        <div class="pair">
          <Select
            state={state}
            name="method"
            label="Method"
            options={[
              ['GET', 'GET'],
              ['HEAD', 'HEAD'],
            ]}
          />
          <Input state={state} name="timeout" label="Time-out" inputmode="numeric" />
        </div>
        <Textarea state={state} name="headers" label="Request headers" hint="One a line. Kept sealed." />
        <Checkbox state={state} name="redirects" label="Follow redirects" />
      </Part>
      <Part title="Who is told">
        <Choices
          state={state}
          name="told"
          label="Integrations"
          options={[
            ['1', 'On call'],
            ['2', 'Incident room'],
          ]}
        />
      </Part>
      <Actions submit="Save" cancel="/design" />
    </form>
  )
}

const CONFIRM: FormState = {
  values: { confirm: 'checkout' },
  errors: [{ field: 'confirm', message: 'Type the name as it is written.' }],
}

/** A confirm page without its frame. */
const Confirm = () => (
  <form class="form" method="post" action="/design" novalidate>
    <Input state={CONFIRM} name="confirm" label="Type “Checkout” to confirm" />
    <Actions submit="Delete monitor" cancel="/design" danger />
  </form>
)

function Filter() {
  const state = { values: { action: 'monitor.create' }, errors: [] }
  return (
    <>
      <form method="get" action="/design" class="filters">
        <Select state={state} name="action" label="Action" options={choices('Any', [], 'monitor.create')} />
        <FilterEnd state={state} filter={{ action: 'monitor.create' }} path="/design" />
      </form>
      <div class="row">
        <Exports place={AUDIT_LOG} filter={{}} />
      </div>
      <NoEntries more={false} />
      <NoEntries more />
    </>
  )
}

const Plan = () => (
  <>
    <RoomNote room={room} />
    <RoomNote room={fullRoom} />
    <NewWithinPlan href="/design" room={room}>
      New monitor
    </NewWithinPlan>
    <WithinPlan room={fullRoom} back="/design">
      Never shown
    </WithinPlan>
    <May viewer={editor} action="monitor.update">
      <p>Shown to whoever may change it.</p>
    </May>
    <May viewer={reader} action="monitor.update" otherwise={<p class="muted">Somebody else can change it.</p>}>
      Never shown
    </May>
  </>
)

/** What people fill in, and what they are told before. */
export const FORM_PARTS: DesignPart[] = [
  { id: 'form', title: 'A form', show: () => <Fields state={{ values: VALUES, errors: [] }} /> },
  {
    id: 'refused',
    title: 'A form that was refused',
    show: () => (
      <>
        <ErrorSummary errors={wrong} fields={FIELDS} />
        <Fields state={{ values: { ...VALUES, url: 'ftp://acme' }, errors: wrong }} />
      </>
    ),
  },
  { id: 'confirm', title: 'Confirming', show: Confirm },
  { id: 'filter', title: 'Filtering', show: Filter },
  { id: 'plan', title: 'Plan and role', show: Plan },
]
