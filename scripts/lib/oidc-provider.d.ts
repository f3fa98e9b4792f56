// What Candor uses of oidc-provider, which ships without types.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  export class Provider {
    constructor(issuer: string, configuration: never)
    use(middleware: (ctx: never, next: () => Promise<void>) => Promise<void>): void
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    Grant: new (fields: {
      clientId: string
      accountId: string
    }) => { addOIDCScope(scope: string): void; save(): Promise<string> }
    Session: new () => {
      jti: string
      loginAccount(details: { accountId: string; amr: string[] }): void
      save(ttlSeconds: number): Promise<string>
    }
  }
}
declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  export function createMemoryAdapter(): (model: string) => unknown
}
