/** Words that no workspace may have as its slug: addresses of ours, and names that one could pretend to be Candor with. */
const RESERVED = [
  ...['about', 'abuse', 'account', 'accounts', 'admin', 'administrator', 'api', 'api-keys', 'app', 'assets', 'audit'],
  ...['audit-logs', 'auth', 'billing', 'blog', 'candor', 'cdn', 'changelog', 'contact', 'dashboard', 'dev', 'docs'],
  ...['embed', 'feed', 'health', 'help', 'hostmaster', 'incidents', 'integrations', 'invitations', 'legal', 'login'],
  ...['logout', 'mail', 'mcp', 'me', 'members', 'monitors', 'new', 'noreply', 'null', 'oauth', 'official', 'operator'],
  ...['owner', 'plan', 'postmaster', 'pricing', 'privacy', 'public', 'root', 'rpc', 'security', 'settings', 'sign-in'],
  ...['sign-out', 'signin', 'signup', 'slack', 'sso', 'staff', 'static', 'status', 'status-pages', 'subprocessors'],
  ...['support', 'system', 'team', 'terms', 'test', 'undefined', 'v1', 'webmaster', 'well-known', 'workspace'],
  ...['workspaces', 'www'],
]

export const isReserved = (slug: string): boolean => RESERVED.includes(slug) || slug.startsWith('candor-')
