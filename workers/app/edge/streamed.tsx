import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { stream } from 'hono/streaming'
import { logFault } from '../../../shared/fault.ts'
import { Banner } from '../pages/components/status.tsx'
import { renderParts } from '../pages/document.tsx'
import type { Edge } from './context.ts'

type C = Context<Edge>

/** What comes later: each row, and at the end the sentence that closes the page. The signal says that nobody reads on. */
export type Rows = (gone: AbortSignal) => AsyncGenerator<Child, Child>

function Broken({ requestId }: { requestId: string }) {
  return (
    <Banner tone="stale" icon="stale">
      <p>
        This could not be brought to its end, for a reason on our side. Reload to try again; if it stays, name the
        request <code>{requestId}</code> to us.
      </p>
    </Banner>
  )
}

async function writeAll(write: (part: Child) => Promise<unknown>, rows: Rows, gone: AbortSignal): Promise<Child> {
  const coming = rows(gone)
  for (;;) {
    const { value, done } = await coming.next()
    if (done) return value
    await write(value)
    // Ends whatever the rows hold open.
    if (gone.aborted) return (await coming.return(null)).value
  }
}

/**
 * A page that is sent as it comes to be, without JavaScript: its beginning at once, then each row of its open table, then
 * its end. The page has two places for `Later`: the rows, and the sentence after them. Whoever goes away ends the rows.
 */
export function streamed(c: C, content: Child, rows: Rows): Response {
  const [head = '', middle = '', end = ''] = renderParts(content)
  c.header('content-type', 'text/html; charset=UTF-8')
  // Nothing is done for somebody who only asks for the headers.
  if (c.req.method === 'HEAD') return c.body(null)
  return stream(c, async (out) => {
    const gone = new AbortController()
    out.onAbort(() => gone.abort())
    const write = (part: Child) => out.write(String(part))
    await out.write(head)
    const closing = await writeAll(write, rows, gone.signal).catch((error) => {
      if (!gone.signal.aborted) logFault('stream.failed', error, { requestId: c.get('requestId') })
      return <Broken requestId={c.get('requestId')} />
    })
    await out.write(`${middle}${String(closing)}${end}`)
  })
}
