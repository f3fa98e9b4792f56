import { Plain } from './shells.tsx'

interface ErrorProps {
  title: string
  message: string
  requestId: string
}

export function ErrorPage({ title, message, requestId }: ErrorProps) {
  return (
    <Plain title={title}>
      <div class="stack answer">
        <h1 class="wrap">{title}</h1>
        <p class="lead wrap">{message}</p>
        <p>
          <a class="btn btn-primary" href="/monitors">
            Go to your monitors
          </a>
        </p>
      </div>
      <p class="small muted wrap">
        If you write to us about this, name the request <code>{requestId}</code>.
      </p>
    </Plain>
  )
}
