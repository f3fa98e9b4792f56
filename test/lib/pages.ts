import { pathTo } from './routes.ts'
import type { newWorld } from './world.ts'

type World = Awaited<ReturnType<typeof newWorld>>

const WITH: [part: string, id: (world: World) => string][] = [
  ['/start/monitors', ({ monitorId }) => monitorId],
  ['/start/integrations', ({ integrationId }) => integrationId],
  ['/start/status-pages', ({ statusPageId }) => statusPageId],
  ['/monitors', ({ monitorId }) => monitorId],
  ['/integrations', ({ integrationId }) => integrationId],
  ['/status-pages', ({ statusPageId }) => statusPageId],
  ['/api-keys', ({ apiKeyId }) => apiKeyId],
  ['/incidents', ({ incidentId }) => incidentId],
  ['/settings/members', ({ userId }) => userId],
  ['/settings/invitations', ({ invitationId }) => invitationId],
  ['/invitations', ({ invitationId }) => invitationId],
  ['/s/', ({ slug }) => slug],
  ['/sign-in/', () => 'github'],
  ['/assets/', () => ''],
]

/** The path of a route outside the API, with what a world has there. */
export const pathIn = (world: World, route: string): string =>
  pathTo(route, WITH.find(([part]) => route.startsWith(part))?.[1](world) ?? 'x').replace('*', 'app.css')
