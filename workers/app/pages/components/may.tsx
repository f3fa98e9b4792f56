import type { Child } from 'hono/jsx'
import type { Viewer } from '../shells.tsx'
import type { Column } from './table.tsx'

interface MayProps {
  viewer: Viewer
  /** Action of the change that the children lead to. */
  action: string
  /** What is said to those who may not. */
  otherwise?: Child
  children?: Child
}

/** What leads to a change, for those who may make it: nobody is shown a button that ends in a refusal. */
export function May({ viewer, action, otherwise, children }: MayProps) {
  return <>{viewer.may.has(action) ? children : otherwise}</>
}

/** The columns of a table, without that of its actions where somebody may do none of them. */
export const columnsFor = <Row,>(viewer: Viewer, actions: string[], columns: Column<Row>[]): Column<Row>[] =>
  actions.some((action) => viewer.may.has(action)) ? columns : columns.filter(({ kind }) => kind !== 'actions')
