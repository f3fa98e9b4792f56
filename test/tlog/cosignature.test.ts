import { describe, expect, test } from 'vitest'
import { parseCosigner, readCosignature } from '../../shared/domain/cosignature.ts'
import { cosignerOf } from '../../workers/app/crypto/witness.ts'

/*
 * A head of a public log (a staging log of Certificate Transparency) with the cosignature of a public witness, as they
 * were published; the key is the one that its operator gives.
 */
const TEXT = 'arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n'
const KEY = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'
const LINE =
  '— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw=='
const OTHERS = [
  '— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=',
  '— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==',
]
const TIME = 0x6a122120
const NOW = (TIME + 60) * 1000

const remora = async () => (await parseCosigner(KEY)) ?? expect.unreachable()
const read = async (text: string, lines: string, now = NOW) => readCosignature(text, lines, await remora(), now)

describe('a cosignature of a public witness', () => {
  test('verifies, alone and among others, and says its time', async () => {
    const expected = { line: LINE, time: TIME }
    expect(await read(TEXT, `${LINE}\n`)).toEqual(expected)
    expect(await read(TEXT, `${OTHERS.join('\n')}\n${LINE}\n`)).toEqual(expected)
    expect(await read(TEXT, `${LINE}\n${OTHERS.join('\n')}\n`)).toEqual(expected)
  })

  test('verifies nothing else: no other head, no other line, no time to come', async () => {
    expect(await read(TEXT.replace('1432088532', '1432088533'), `${LINE}\n`)).toBeNull()
    expect(await read(TEXT, `${OTHERS.join('\n')}\n`)).toBeNull()
    expect(await read(TEXT, LINE)).toBeNull()
    expect(await read(TEXT, '')).toBeNull()
    expect(await read(TEXT, `x\n\n${LINE}\n`)).toBeNull()
    expect(await read(TEXT, `${LINE}\n`, (TIME - 301) * 1000)).toBeNull()
    const accepted: number[] = []
    for (let at = 0; at < LINE.length; at++) {
      const altered = LINE.slice(0, at) + String.fromCodePoint((LINE.codePointAt(at) ?? 0) ^ 1) + LINE.slice(at + 1)
      if (await read(TEXT, `${altered}\n`)) accepted.push(at)
    }
    expect(accepted).toEqual([])
  })

  test('is refused whole when one of two lines of the same key is wrong', async () => {
    const wrong = LINE.replace('PlfF', 'PlfG')
    for (const lines of [`${LINE}\n${wrong}\n`, `${wrong}\n${LINE}\n`]) expect(await read(TEXT, lines)).toBeNull()
  })
})

describe('the key of a witness', () => {
  test('is read where its id fits, by both readers alike', async () => {
    expect(cosignerOf(KEY)).toEqual(await remora())
    expect(await remora()).toMatchObject({ name: 'remora.n621.de', keyId: 'da77ade7' })
  })

  test.each([
    ['a key that signs notes', 'TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6'],
    ['another id', KEY.replace('da77ade7', 'da77ade8')],
    ['another name', KEY.replace('remora', 'remorb')],
    ['no key', 'remora.n621.de+da77ade7'],
    ['a key that is cut off', KEY.slice(0, -4)],
    ['nothing', ''],
  ])('is none when it is %s', async (_what, text) => {
    expect([await parseCosigner(text), cosignerOf(text)]).toEqual([null, null])
  })
})
