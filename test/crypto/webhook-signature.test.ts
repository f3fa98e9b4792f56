import { encodeBase64 } from '@oslojs/encoding'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'
import { random } from '../../workers/app/crypto/bytes.ts'
import { newWebhookSecret, parseWebhookSecret, signWebhook } from '../../workers/app/crypto/signature.ts'
import { PROVIDERS } from '../../workers/app/notifications/register.ts'
import { messageOf } from '../lib/keys.ts'

const EVENT = {
  type: 'test' as const,
  at: new Date().toISOString(),
  workspace: { id: newId('workspace'), name: 'Ünïted „Shops“ 🏬' },
  monitor: null,
  incident: null,
  url: 'https://candor.test/integrations',
}

/** A message as it goes out, with the headers as a receiver has them. */
async function rendered(secret: string, at = Date.now()) {
  const config = { url: 'https://receiver.example/hook', secret }
  const message = await PROVIDERS.webhook?.render(EVENT, config, { id: newId('outbox'), at })
  if (!message) throw new Error('There is no webhook.')
  return { body: message.body, headers: Object.fromEntries(message.headers.map(({ key, value }) => [key, value])) }
}

describe('a receiver that uses the standardwebhooks package', () => {
  test.each([24, 32, 63, 64])('accepts what Candor sends under a secret of %i bytes', async (length) => {
    const secret = `whsec_${encodeBase64(random(length))}`
    const { body, headers } = await rendered(secret)
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'test', data: { url: EVENT.url } })
  })

  test('accepts the secret that Candor made itself', async () => {
    const secret = newWebhookSecret()
    const { body, headers } = await rendered(secret)
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'test' })
    expect(newWebhookSecret()).not.toBe(secret)
  })

  test('refuses the message when its text, id or time was changed, and under another secret', async () => {
    const secret = newWebhookSecret()
    const { body, headers } = await rendered(secret)
    const receiver = new Webhook(secret)
    const later = String(Number(headers['webhook-timestamp']) + 1)
    expect(() => receiver.verify(body.replace('test', 'tess'), headers)).toThrow('No matching signature')
    expect(() => receiver.verify(body, { ...headers, 'webhook-id': newId('outbox') })).toThrow('No matching signature')
    expect(() => receiver.verify(body, { ...headers, 'webhook-timestamp': later })).toThrow('No matching signature')
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow('No matching signature')
  })

  test('refuses a message that is sent again an hour later', async () => {
    const secret = newWebhookSecret()
    const { body, headers } = await rendered(secret, Date.now() - 3_600_000)
    expect(() => new Webhook(secret).verify(body, headers)).toThrow('Message timestamp too old')
  })
})

test('a signing secret is read with or without its prefix and its padding', async () => {
  const bytes = random(25)
  const plain = encodeBase64(bytes)
  for (const text of [plain, `whsec_${plain}`, plain.replaceAll('=', ''), `whsec_${plain.replaceAll('=', '')}`])
    expect(parseWebhookSecret(text)).toEqual(new Uint8Array(bytes))
})

test('a signing secret of another length or alphabet is refused, without being repeated', async () => {
  const wrong = [
    '',
    'whsec_',
    encodeBase64(random(23)),
    encodeBase64(random(65)),
    `whsec_whsec_${encodeBase64(random(32))}`,
    `${encodeBase64(random(32)).slice(1)}*`,
    encodeBase64(random(32)).slice(0, 41),
  ]
  for (const secret of wrong) {
    const message = await messageOf(() => signWebhook({ id: newId('outbox'), timestampSeconds: 1, body: '{}', secret }))
    expect(message).toBe('A signing secret is 24 to 64 bytes in base64, with or without whsec_ before it.')
  }
})
