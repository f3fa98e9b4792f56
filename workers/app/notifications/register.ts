import type { Provider } from './provider.ts'
import { webhook } from './providers/webhook.ts'

/** Every way to tell people, by kind. */
export const PROVIDERS: Record<string, Provider | undefined> = { webhook }
