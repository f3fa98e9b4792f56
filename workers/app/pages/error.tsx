import { Plain } from './shells.tsx'

interface ErrorProps {
  title: string
  message: string
  requestId: string
}

export function ErrorPage({ title, message, requestId }: ErrorProps) {
  return (
    <Plain title={title}>
      <h1>{title}</h1>
      <p class="lead">{message}</p>
      <p>
        <a class="btn" href="/monitors">
          Go to your monitors
        </a>
      </p>
      <p class="small muted">
        Request <code>{requestId}</code>
      </p>
    </Plain>
  )
}
