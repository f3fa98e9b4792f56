import type { Child } from 'hono/jsx'

export interface Column<Row> {
  title: string
  /**
   * `head` names its row, once a table; `text` is of people or strangers and breaks anywhere; `num` is set flush right;
   * `actions` has buttons and no visible title.
   */
  kind?: 'head' | 'text' | 'num' | 'actions'
  show: (row: Row) => Child
}

interface TableProps<Row> {
  /** What the table lists, for those who cannot see it at a glance. */
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  /** Keep it a table on a narrow screen, where others become small cards. */
  dense?: boolean
}

const CLASSES = { text: 'wrap', num: 'num', actions: 'actions' }

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { kind, title } = column
  if (kind === 'head')
    return (
      <th scope="row" class="wrap">
        {column.show(row)}
      </th>
    )
  return (
    <td class={kind && CLASSES[kind]} data-label={kind === 'actions' ? undefined : title}>
      {column.show(row)}
    </td>
  )
}

/** A table that can be scrolled by keyboard where it does not fit. */
export function Table<Row>({ caption, columns, rows, dense }: TableProps<Row>) {
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table class={dense ? undefined : 'stacks'}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, kind }) => (
              <th scope="col" class={kind === 'num' ? 'num' : undefined}>
                {kind === 'actions' ? <span class="visually-hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <Cell column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
