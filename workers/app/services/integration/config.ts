import { PROVIDER_CONFIGS, providerConfig } from '../../../../shared/contracts/providers.ts'
import { AppError } from '../../../../shared/errors.ts'
import { newWebhookSecret } from '../../crypto/signature.ts'
import type { TargetRules } from '../context.ts'
import { fieldErrors } from '../input.ts'
import { requireTarget } from '../monitor/rules.ts'
import type { MutationContext } from '../mutation.ts'

export type Config = Record<string, string>

/** The config as its provider wants it, its addresses checked. Throws `invalid`, naming the fields. */
export function checkConfig(kind: string, config: Config, targets: TargetRules): Config {
  const contract = providerConfig(kind)
  if (!contract) {
    const message = `There is no integration of the kind "${kind}". There is: ${Object.keys(PROVIDER_CONFIGS).join(', ')}.`
    throw new AppError('invalid', message, [{ field: 'kind', message }])
  }
  const parsed = contract.safeParse(config)
  if (!parsed.success) {
    const fields = fieldErrors(parsed.error, 'config')
    throw new AppError('invalid', fields[0]?.message ?? 'The config is not complete.', fields)
  }
  if (parsed.data.url !== undefined) requireTarget(targets, parsed.data.url, 'config.url')
  return parsed.data
}

/** Adds a signing secret where none was given, and says it, because nobody could know it otherwise. */
export function withSigningSecret(config: Config): { config: Config; reveal: Record<string, string> } {
  if (config.secret) return { config, reveal: {} }
  const secret = newWebhookSecret()
  return { config: { ...config, secret }, reveal: { signingSecret: secret } }
}

/** The config as one sealed column, with a fingerprint for each field. */
export async function sealConfig(context: MutationContext, rowId: string, config: Config) {
  const prints = Object.entries(config).map(
    async ([field, value]) => [field, await context.fingerprint(value)] as const,
  )
  return {
    sealedConfig: await context.seal({ table: 'integration', rowId, column: 'sealed_config' }, JSON.stringify(config)),
    config: Object.fromEntries(await Promise.all(prints)),
  }
}

/** The config of a row, opened. */
export async function openConfig(
  context: MutationContext,
  row: { id: string; sealedConfig: Uint8Array },
): Promise<Config> {
  const text = await context.open({ table: 'integration', rowId: row.id, column: 'sealed_config' }, row.sealedConfig)
  return JSON.parse(text)
}
