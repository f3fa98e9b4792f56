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

interface FrameProps<Row> {
  /** What the table lists, for those who cannot see it at a glance. */
  caption: string
  columns: Column<Row>[]
  /** Keep it a table on a narrow screen, where others become small cards. */
  dense?: boolean
}

interface TableProps<Row> extends FrameProps<Row> {
  rows: Row[]
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

/** One row, for a table that is still open. */
export function TableRow<Row>({ columns, row }: { columns: Column<Row>[]; row: Row }) {
  return (
    <tr>
      {columns.map((column) => (
        <Cell column={column} row={row} />
      ))}
    </tr>
  )
}

/** What is under way: shown at the end of an open table, and hidden by what comes after it (`app.css`). */
export function WaitingRow({ columns, children }: { columns: number; children?: Child }) {
  return (
    <tr class="waiting">
      <td colspan={columns}>{children}</td>
    </tr>
  )
}

/** A table around its rows, which can be scrolled by keyboard where it does not fit. */
export function TableFrame<Row>({ caption, columns, dense, children }: FrameProps<Row> & { children?: Child }) {
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
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}

export function Table<Row>({ rows, ...frame }: TableProps<Row>) {
  return (
    <TableFrame {...frame}>
      {rows.map((row) => (
        <TableRow columns={frame.columns} row={row} />
      ))}
    </TableFrame>
  )
}
