import type { Origin } from '../../../../shared/contracts/account.ts'
import { deviceOf } from '../../../../shared/domain/device.ts'

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' })

/** `Germany`; `T1` is what the platform says of Tor. */
const countryName = (code: string) => (code === 'T1' ? 'Tor' : (COUNTRIES.of(code) ?? code))

/** Where something came from: the device in plain words, and the address under it. */
export function From({ origin: { userAgent, ip, country } }: { origin: Origin }) {
  const place = [country === null ? '' : countryName(country), ip ?? ''].filter(Boolean).join(', ')
  return (
    <>
      <span title={userAgent ?? undefined}>{deviceOf(userAgent)}</span>
      {place === '' ? null : <span class="muted below"> {place}</span>}
    </>
  )
}
