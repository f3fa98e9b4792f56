import type { Env } from './bindings.ts'
import { edge } from './edge/app.ts'
import { consumeOutbox } from './effects/consume.ts'
import { watchMonitoring } from './effects/watch.ts'
import type { OutboxMessage } from './workspace/outbox.ts'

export { Account } from './account/account.ts'
export { DeploymentLog } from './deployment-log/deployment-log.ts'
export { Monitoring } from './monitoring/scheduler.ts'
export { Workspace } from './workspace/workspace.ts'

const app = edge()

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: (_controller, env) => watchMonitoring(env),
  queue: (batch, env) => consumeOutbox(batch, env),
} satisfies ExportedHandler<Env, OutboxMessage>
