import { type Context, Hono } from 'hono'
import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { AppError, ERROR_STATUS, type FieldError } from '../../../../shared/errors.ts'
import { pathWith } from '../../pages/components/link.tsx'
import { ConfirmPage } from '../../pages/confirm.tsx'
import { requireRole } from '../../services/context.ts'
import { allMonitors } from '../../services/monitor/all.ts'
import { deleteMonitor } from '../../services/monitor/delete.ts'
import { pauseMonitor } from '../../services/monitor/pause.ts'
import { resumeMonitor } from '../../services/monitor/resume.ts'
import type { Mutation } from '../../services/mutation.ts'
import type { Edge } from '../context.ts'
import { page } from '../page.ts'
import { mutate, readPage } from '../run.ts'
import { formOf, listOf, textOf } from './form.ts'
import { list } from './monitors.tsx'
import { viewerOf } from './viewer.ts'

type C = Context<Edge>

/** Changes that one form may ask for. */
const MOST = 100

const DONE: Record<string, string> = {
  [pauseMonitor.action]: 'paused',
  [resumeMonitor.action]: 'resumed',
  [deleteMonitor.action]: 'deleted',
}

/** Which of the chosen ones there is something to do with: what is paused already is not paused again. */
const isLeft = (verb: Mutation, { active }: MonitorView) => verb === deleteMonitor || active === (verb === pauseMonitor)

/** What went wrong, a sentence for each reason. */
const sentences = (verb: Mutation, errors: AppError[]): FieldError[] =>
  [...Map.groupBy(errors, ({ message }) => message)].map(([message, of]) => ({
    field: '',
    message: `${of.length} ${of.length === 1 ? 'monitor was' : 'monitors were'} not ${DONE[verb.action]}. ${message}`,
  }))

/** Makes one change to each, and answers what went wrong. Each is an entry of its own; their object commits them together. */
async function changeEach(c: C, verb: Mutation, ids: string[]): Promise<AppError[]> {
  const outcomes = await Promise.allSettled(ids.map((id) => mutate(c, verb, { id })))
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return []
    if (outcome.reason instanceof AppError) return outcome.reason
    throw outcome.reason
  })
}

async function changeSelected(c: C, verb: Mutation): Promise<Response> {
  const values = await formOf(c)
  const chosen = new Set(listOf(values, 'ids'))
  const { context, answers } = await readPage(c, [{ query: allMonitors, input: {} }])
  requireRole(context, verb.role)
  const refused = (errors: FieldError[], status: number) => list(c, { verb, state: { values, errors }, status })
  const say = (message: string) => refused([{ field: '', message }], ERROR_STATUS.invalid)
  if (chosen.size === 0) return say('Choose at least one monitor.')
  if (chosen.size > MOST) return say(`Choose at most ${MOST} monitors.`)
  const left = answers[0].filter((monitor) => chosen.has(monitor.id) && isLeft(verb, monitor))
  const errors = await changeEach(
    c,
    verb,
    left.map(({ id }) => id),
  )
  const [first] = errors
  if (first) return refused(sentences(verb, errors), ERROR_STATUS[first.code])
  return c.redirect(pathWith('/monitors', { status: textOf(values, 'status') }), 303)
}

async function confirmDelete(c: C): Promise<Response> {
  const chosen = new Set(c.req.queries('ids') ?? [])
  const { context, answers } = await readPage(c, [{ query: allMonitors, input: {} }])
  const viewer = viewerOf(context, deleteMonitor)
  const monitors = answers[0].filter(({ id }) => chosen.has(id)).slice(0, MOST)
  if (monitors.length === 0) return c.redirect('/monitors', 303)
  const props = {
    viewer,
    current: '/monitors' as const,
    title: `Delete ${monitors.length} ${monitors.length === 1 ? 'monitor' : 'monitors'}?`,
    consequence:
      'Their checks stop, and their results, their incidents and their places on status pages go. The audit log keeps what they were.',
    action: '/monitors/selected/delete',
    submit: 'Delete all of these',
    cancel: '/monitors',
    state: { values: {}, errors: [] },
  }
  return page(
    c,
    <ConfirmPage {...props}>
      <ul>
        {monitors.map(({ id, name }) => (
          <li class="wrap">
            {name}
            <input type="hidden" name="ids" value={id} />
          </li>
        ))}
      </ul>
    </ConfirmPage>,
  )
}

/** What is done to several monitors at once. */
export function selectedMonitors() {
  const app = new Hono<Edge>()
  for (const verb of [pauseMonitor, resumeMonitor, deleteMonitor])
    app.post(`/monitors/selected/${verb.action.slice('monitor.'.length)}`, (c) => changeSelected(c, verb))
  app.get('/monitors/selected/delete', confirmDelete)
  return app
}
