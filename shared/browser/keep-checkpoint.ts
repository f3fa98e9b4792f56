import { fromBase64 } from '../domain/base64.ts'
import { isConsistent } from '../domain/merkle-proof.ts'

/*
 * Runs on the pages of a log, and only there. The browser keeps the last head of the log that it has seen, and checks on each
 * visit that the log only grew since: who rewrites a history would have to rewrite this browser's memory as well.
 */

interface Head {
  size: number
  root: string
}

const HASH_BYTES = 32

const place = document.querySelector<HTMLElement>('[data-log]')

function say(text: string, status: 'up' | 'down' | 'stale'): void {
  if (!place) return
  place.textContent = text
  place.dataset.status = status
}

const bytes = ({ size, root }: Head) => ({ size, root: fromBase64(root) ?? new Uint8Array() })

/** The head that was kept; null for what is none, so that nothing can be compared with it. */
function headIn(kept: string): Head | null {
  try {
    const { size, root }: Partial<Head> = JSON.parse(kept)
    const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
    return isSize && typeof root === 'string' && fromBase64(root)?.length === HASH_BYTES ? { size, root } : null
  } catch {
    return null
  }
}

async function continues(api: string, seen: Head, now: Head): Promise<boolean> {
  const answer = await fetch(`${api}/consistency?from=${seen.size}&to=${now.size}`)
  if (!answer.ok) throw new Error(String(answer.status))
  const { proof }: { proof: string[] } = await answer.json()
  return isConsistent(
    bytes(seen),
    bytes(now),
    proof.map((hash) => fromBase64(hash) ?? new Uint8Array()),
  )
}

async function check(name: string, api: string, now: Head): Promise<void> {
  const kept = localStorage.getItem(name)
  const seen = kept === null ? null : headIn(kept)
  if (!seen) {
    localStorage.setItem(name, JSON.stringify(now))
    return kept === null
      ? say('This browser has now seen the log for the first time, and keeps its head to compare with.', 'stale')
      : say(
          'What this browser remembered of the log could not be read. It keeps its present head from now on.',
          'stale',
        )
  }
  if (seen.size > now.size)
    return say(`This browser has seen ${seen.size} entries, and the log has only ${now.size}. It was cut.`, 'down')
  if (!(await continues(api, seen, now)))
    return say(
      `The log does not continue the ${seen.size} entries that this browser has seen. It was rewritten.`,
      'down',
    )
  localStorage.setItem(name, JSON.stringify(now))
  say(`This browser has checked that the log only grew since it saw ${seen.size} entries.`, 'up')
}

if (place) {
  const { log = '', api = '', size = '', root = '' } = place.dataset
  check(`candor-log ${log}`, api, { size: Number(size), root }).catch(() =>
    say('This browser could not check just now whether the log only grew.', 'stale'),
  )
}
