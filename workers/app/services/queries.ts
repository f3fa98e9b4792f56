import { getAccount } from './account/get.ts'
import { listAccountLog } from './account/log.ts'
import { listSessions } from './account/sessions.ts'
import { listOwnWorkspaces } from './account/workspaces.ts'
import { listOwned } from './account-ending/owned.ts'
import { getApiKey } from './api-key/get.ts'
import { listApiKeys } from './api-key/list.ts'
import { getAccountCheckpoint, getCheckpoint } from './audit/checkpoint.ts'
import { getAccountConsistency, getConsistency } from './audit/consistency.ts'
import { getDeploymentProof } from './audit/deployment.ts'
import { getAuditLog } from './audit/get.ts'
import { getAccountHead, getHead } from './audit/head.ts'
import { listAccountKeys, listAuditKeys } from './audit/keys.ts'
import { listAuditLogs } from './audit/list.ts'
import { auditOfIncident, auditOfMonitor } from './audit/of-entity.ts'
import { peopleOfAuditLog } from './audit/people.ts'
import { getAccountProof, getProof } from './audit/proof.ts'
import { listRecentAuditLogs } from './audit/recent.ts'
import { getEntryBundle, getTile } from './audit/tile.ts'
import { unloggedExport } from './audit/unlogged.ts'
import { getDelivery } from './delivery/get.ts'
import { deliveriesAbout, deliveriesOf, listLastDeliveries } from './delivery/list.ts'
import { getIncident } from './incident/get.ts'
import { listIncidents } from './incident/list.ts'
import { getMonitorOfIncident } from './incident/monitor.ts'
import { getIntegration } from './integration/get.ts'
import { listIntegrations } from './integration/list.ts'
import { getInvitation } from './invitation/get.ts'
import { listInvitations } from './invitation/list.ts'
import { listFormerMembers } from './member/former.ts'
import { getMember } from './member/get.ts'
import { keysOfMember } from './member/keys.ts'
import { listMembers } from './member/list.ts'
import { allMonitors } from './monitor/all.ts'
import { getMonitor } from './monitor/get.ts'
import { listMonitors } from './monitor/list.ts'
import { monitorStatus } from './monitor/status.ts'
import type { Query } from './query.ts'
import { getStatusPage } from './status-page/get.ts'
import { listStatusPages } from './status-page/list.ts'
import { getWorkspace } from './workspace/get.ts'
import { workspaceUsage } from './workspace/usage.ts'

/** Every read. Those with a route are the API's; the others serve pages. */
export const QUERIES: readonly Query[] = [
  getWorkspace,
  workspaceUsage,
  listMembers,
  getMember,
  keysOfMember,
  listFormerMembers,
  listInvitations,
  getInvitation,
  listMonitors,
  getMonitor,
  monitorStatus,
  listIncidents,
  getIncident,
  getMonitorOfIncident,
  listIntegrations,
  getIntegration,
  listStatusPages,
  getStatusPage,
  listApiKeys,
  getApiKey,
  allMonitors,
  deliveriesOf,
  deliveriesAbout,
  listLastDeliveries,
  getDelivery,
  auditOfMonitor,
  auditOfIncident,
  peopleOfAuditLog,
  getHead,
  listAuditLogs,
  listRecentAuditLogs,
  getAuditLog,
  getCheckpoint,
  listAuditKeys,
  getProof,
  getConsistency,
  getDeploymentProof,
  getEntryBundle,
  getTile,
  getAccount,
  listSessions,
  listOwnWorkspaces,
  listOwned,
  listAccountLog,
  getAccountHead,
  getAccountCheckpoint,
  listAccountKeys,
  getAccountProof,
  getAccountConsistency,
  unloggedExport,
]
