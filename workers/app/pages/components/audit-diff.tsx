import type { AuditEntryView } from '../../../../shared/contracts/audit.ts'
import type { LogPlace } from './log-place.ts'

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function Side({ tag, word, value }: { tag: 'del' | 'ins'; word: string; value: unknown }) {
  if (value === null) return null
  return (
    <>
      <span class="visually-hidden">{word}: </span>
      {tag === 'del' ? <del>{show(value)}</del> : <ins>{show(value)}</ins>}{' '}
    </>
  )
}

/** What an entry says changed, field by field, and where it stands in the tree. */
export function AuditDiff({ entry, place }: { entry: AuditEntryView; place: LogPlace }) {
  const { changes, seq } = entry
  return (
    <details>
      <summary>{changes.length === 1 ? '1 field' : `${changes.length || 'No'} fields`}</summary>
      <dl class="diff">
        {changes.map(({ field, before, after }) => (
          <div>
            <dt>{field}</dt>
            <dd>
              <Side tag="del" word="before" value={before} />
              <Side tag="ins" word="after" value={after} />
            </dd>
          </div>
        ))}
        <div>
          <dt>signed in by</dt>
          <dd>{entry.auth}</dd>
        </div>
        <div>
          <dt>request</dt>
          <dd>{entry.requestId}</dd>
        </div>
        <div>
          <dt>leaf hash</dt>
          <dd>{entry.leafHash}</dd>
        </div>
        <div>
          <dt>receipt</dt>
          <dd>
            <a href={`${place.api}/proof/${seq}`}>
              {place.api}/proof/{seq}
            </a>
          </dd>
        </div>
      </dl>
    </details>
  )
}
