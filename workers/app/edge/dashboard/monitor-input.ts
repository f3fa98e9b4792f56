import type { MonitorView } from '../../../../shared/contracts/monitor.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { Values } from '../../pages/components/form.tsx'
import { listOf, numberOf, textOf } from './form.ts'

/** What a new monitor's form begins with. */
export const NEW_MONITOR: Values = {
  method: 'GET',
  intervalSeconds: '60',
  timeoutMs: '10000',
  followRedirects: 'on',
}

/** Fields of a monitor's form. Secrets are never among them. */
export const valuesOf = (monitor: MonitorView): Values => ({
  name: monitor.name,
  url: monitor.url,
  method: monitor.method,
  intervalSeconds: String(monitor.intervalSeconds),
  timeoutMs: String(monitor.timeoutMs),
  degradedAfterMs: monitor.degradedAfterMs === null ? '' : String(monitor.degradedAfterMs),
  followRedirects: monitor.followRedirects ? 'on' : undefined,
  integrationIds: monitor.integrationIds,
})

/** Lines of `Key: value`. */
function headersOf(text: string) {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const colon = line.indexOf(':')
      if (colon < 1) {
        const message = 'Each header is a line of its own, with a colon behind its name.'
        throw new AppError('invalid', message, [{ field: 'headers', message }])
      }
      return { key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }
    })
}

const settings = (values: Values) => ({
  name: textOf(values, 'name') || hostOf(textOf(values, 'url')),
  url: textOf(values, 'url'),
  method: textOf(values, 'method') || 'GET',
  intervalSeconds: numberOf(values, 'intervalSeconds'),
  timeoutMs: numberOf(values, 'timeoutMs'),
  degradedAfterMs: textOf(values, 'degradedAfterMs') === '' ? null : numberOf(values, 'degradedAfterMs'),
  followRedirects: textOf(values, 'followRedirects') === 'on',
  integrationIds: listOf(values, 'integrationIds'),
})

/** A monitor without a name has its host's. */
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : '')

export const createInput = (values: Values) => ({
  kind: 'http',
  ...settings(values),
  headers: headersOf(textOf(values, 'headers')),
  body: textOf(values, 'body') || null,
})

/** An empty secret keeps what is sealed; removing it is said with a tick. */
export function updateInput(values: Values) {
  const headers = headersOf(textOf(values, 'headers'))
  const body = textOf(values, 'body')
  return {
    ...settings(values),
    ...(headers.length > 0 ? { headers } : textOf(values, 'removeHeaders') === 'on' ? { headers: [] } : {}),
    ...(body !== '' ? { body } : textOf(values, 'removeBody') === 'on' ? { body: null } : {}),
  }
}
