/** RFC 4180: records of fields. Throws for what is no CSV. */
export function parseCsv(text: string): string[][] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  const records: string[][] = []
  let record: string[] = []
  while (field.lastIndex < text.length) {
    const at = field.lastIndex
    const [whole, quoted, plain = '', end] = field.exec(text) ?? []
    if (whole === undefined) throw new Error(`This is no CSV: ${JSON.stringify(text.slice(at, at + 40))}`)
    record.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === ',') continue
    records.push(record)
    record = []
  }
  return records
}
