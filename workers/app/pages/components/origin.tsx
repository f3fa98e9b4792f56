import type { Child } from 'hono/jsx'
import type { Origin } from '../../../../shared/contracts/account.ts'
import { deviceOf } from '../../../../shared/domain/device.ts'

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' })

/** `Germany`; `T1` is what the platform says of Tor. What is no code, which `of` throws for, is shown as it is. */
function countryName(code: string): string {
  if (code === 'T1') return 'Tor'
  return /^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code
}

/** Where something came from: the device in plain words, what else is said of it, and the address under it. */
export function From({ origin: { userAgent, ip, country }, children }: { origin: Origin; children?: Child }) {
  const place = [country === null ? '' : countryName(country), ip ?? ''].filter(Boolean).join(', ')
  return (
    <>
      <span title={userAgent ?? undefined}>{deviceOf(userAgent)}</span> {children}
      {place === '' ? null : <span class="small muted below"> {place}</span>}
    </>
  )
}
