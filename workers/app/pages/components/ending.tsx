import { PostButton } from './page-parts.tsx'
import { Banner } from './status.tsx'
import { exactTime } from './time.tsx'

/** That the workspace was deleted, and how that can be taken back. */
export interface EndingNotice {
  /** Unix milliseconds. */
  endsAt: number
  mayKeep: boolean
}

/** On every page of a workspace that is being deleted. */
export function EndingBanner({ endsAt, mayKeep }: EndingNotice) {
  return (
    <Banner tone="down" icon="down">
      <div class="stack-sm">
        <p>
          <strong>This workspace will be deleted on {exactTime(endsAt)}.</strong>
        </p>
        <p class="small">
          Its checks, alerts, API keys and status pages have stopped, and nothing can be changed.{' '}
          {mayKeep ? 'Until then you can keep it.' : 'Until then its owner can keep it.'}{' '}
          <a href="/settings/export">Download a copy</a>
        </p>
        {mayKeep ? (
          <PostButton action="/settings/keep" small>
            Keep this workspace
          </PostButton>
        ) : null}
      </div>
    </Banner>
  )
}
