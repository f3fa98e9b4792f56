/** The first bytes of a body as text; the rest is cancelled, so that it is neither paid for nor waited for. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const parts: Uint8Array[] = []
  let size = 0
  try {
    while (size < maxBytes) {
      const { done, value } = await reader.read()
      if (done) break
      const part: Uint8Array = value.subarray(0, maxBytes - size)
      parts.push(part)
      size += part.length
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return new TextDecoder().decode(whole)
}
