import { parse } from 'sql-parser-cst'

/** The column that says whose a row is, by table. */
export type Tenancy = ReadonlyMap<string, string>

/** A table that may be asked by another column than its tenant's, and why that tells nobody of somebody else. */
export interface Lookup {
  table: string
  by: string
  why: string
}

interface Tree {
  type: string
  [part: string]: unknown
}
interface Column {
  table: string | null
  name: string
}
interface Source {
  table: string
  alias: string
}
/** An `=` that has to hold; in the ON of an outer join it holds for the joined table only. */
interface Equation {
  left: Tree
  right: Tree
  only: string | null
}
interface Scope {
  sources: Source[]
  /** Aliases whose rows are one tenant's, or are exempt. */
  held: Set<string>
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && 'type' in value

const childrenOf = (tree: Tree): Tree[] => Object.values(tree).flat().filter(isTree)

const bare = (tree: Tree): Tree => (tree.type === 'paren_expr' ? bare(tree.expr as Tree) : tree)

const nameOf = (tree: unknown): string => (tree as { name: string }).name

function columnOf(tree: Tree): Column | null {
  if (tree.type === 'identifier') return { table: null, name: nameOf(tree) }
  if (tree.type === 'member_expr') return { table: nameOf(tree.object), name: nameOf(tree.property) }
  return null
}

const operatorOf = (tree: Tree): string =>
  [tree.operator]
    .flat()
    .map((part) => (isTree(part) ? nameOf(part) : part))
    .join(' ')

/** What an expression demands, as far as it is an AND of equations: what stands under OR or NOT demands nothing. */
function equationsIn(expression: Tree, only: string | null): Equation[] {
  const tree = bare(expression)
  if (tree.type !== 'binary_expr') return []
  const [left, right] = [tree.left as Tree, tree.right as Tree]
  if (operatorOf(tree) === 'AND') return [...equationsIn(left, only), ...equationsIn(right, only)]
  return operatorOf(tree) === '=' ? [{ left: bare(left), right: bare(right), only }] : []
}

function sourceOf(tree: Tree): Source[] {
  if (tree.type === 'identifier') return [{ table: nameOf(tree), alias: nameOf(tree) }]
  if (tree.type !== 'alias') return []
  const named = tree.expr as Tree
  return named.type === 'identifier' ? [{ table: nameOf(named), alias: nameOf(tree.alias) }] : []
}

function readFrom(tree: Tree, sources: Source[], equations: Equation[]): void {
  if (tree.type !== 'join_expr') {
    sources.push(...sourceOf(tree))
    return
  }
  readFrom(tree.left as Tree, sources, equations)
  const joined = sourceOf(tree.right as Tree)
  sources.push(...joined)
  const on = tree.specification as Tree | undefined
  const outer = /LEFT|RIGHT|FULL/.test(operatorOf(tree))
  if (on?.type === 'join_on_specification')
    equations.push(...equationsIn(on.expr as Tree, outer ? (joined[0]?.alias ?? '') : null))
}

/** Tables and demands of one statement, without those of the statements inside it. */
function read(statement: Tree): { sources: Source[]; equations: Equation[] } {
  const sources: Source[] = []
  const equations: Equation[] = []
  for (const clause of (statement.clauses as Tree[] | undefined) ?? []) {
    if (clause.type === 'from_clause') readFrom(clause.expr as Tree, sources, equations)
    if (clause.type === 'update_clause' || clause.type === 'delete_clause')
      for (const table of (clause.tables as { items: Tree[] }).items) readFrom(table, sources, equations)
    if (clause.type === 'where_clause') equations.push(...equationsIn(clause.expr as Tree, null))
  }
  return { sources, equations }
}

const STATEMENTS = new Set(['select_stmt', 'update_stmt', 'delete_stmt', 'insert_stmt'])

/** Finds what a statement reads or writes of tenants without saying of which. */
export class StatementInspector {
  readonly #tenancy: Tenancy
  readonly #lookups: readonly Lookup[]

  constructor(tenancy: Tenancy, lookups: readonly Lookup[]) {
    this.#tenancy = tenancy
    this.#lookups = lookups
  }

  /** The tables of which no tenant is named, in words. Throws for a text that is not SQL. */
  complaints(sql: string): string[] {
    return this.#inspect(parse(sql, { dialect: 'sqlite', paramTypes: ['?'] }) as unknown as Tree, [])
  }

  #inspect(tree: Tree, outer: readonly Scope[]): string[] {
    if (!STATEMENTS.has(tree.type)) return childrenOf(tree).flatMap((child) => this.#inspect(child, outer))
    const { sources, equations } = read(tree)
    const scope: Scope = { sources, held: new Set() }
    const scopes = [scope, ...outer]
    while (sources.some((source) => !scope.held.has(source.alias) && this.#holds(source, equations, scopes)))
      for (const source of sources) if (this.#holds(source, equations, scopes)) scope.held.add(source.alias)
    const loose = sources
      .filter(({ alias }) => !scope.held.has(alias))
      .map(({ table }) => `${table} is asked without its tenant`)
    const inside = childrenOf(tree).flatMap((child) => this.#inspect(child, scopes))
    return [...loose, ...this.#insertion(tree, scopes), ...inside]
  }

  #holds(source: Source, equations: readonly Equation[], scopes: readonly Scope[]): boolean {
    const tenant = this.#tenancy.get(source.table)
    if (tenant === undefined) return true
    if (this.#fixed(source, tenant, equations, scopes)) return true
    return this.#lookups.some(({ table, by }) => table === source.table && this.#fixed(source, by, equations, scopes))
  }

  /** Whether a column of a table has to equal a value from outside, or one of a row that is held already. */
  #fixed(source: Source, name: string, equations: readonly Equation[], scopes: readonly Scope[]): boolean {
    const alone = scopes[0]?.sources.length === 1
    const isIt = (tree: Tree) => {
      const column = columnOf(tree)
      return column?.name === name && (column.table === source.alias || (column.table === null && alone))
    }
    return equations.some(
      ({ left, right, only }) =>
        (only === null || only === source.alias) &&
        ((isIt(left) && this.#isGiven(right, source, scopes)) || (isIt(right) && this.#isGiven(left, source, scopes))),
    )
  }

  #isGiven(tree: Tree, asking: Source, scopes: readonly Scope[]): boolean {
    if (tree.type === 'parameter' || tree.type === 'select_stmt') return true
    const column = columnOf(tree)
    if (column === null || column.table === null || column.table === asking.alias) return false
    const { table } = column
    return scopes.some(({ sources, held }) => sources.some(({ alias }) => alias === table) && held.has(table))
  }

  #insertion(tree: Tree, scopes: readonly Scope[]): string[] {
    const [insert, values] = (tree.clauses as Tree[] | undefined) ?? []
    if (insert?.type !== 'insert_clause') return []
    const table = nameOf(insert.table)
    const tenant = this.#tenancy.get(table)
    if (tenant === undefined) return []
    const columns = ((insert.columns as Tree | undefined)?.expr as { items: Tree[] } | undefined)?.items ?? []
    const at = columns.findIndex((column) => nameOf(column) === tenant)
    const rows = at < 0 || values === undefined ? [] : rowsOf(values)
    const whole = rows.length > 0 && rows.every((row) => row[at] && this.#isWritten(bare(row[at]), values, scopes))
    return whole ? [] : [`${table} is written without its tenant`]
  }

  /** A tenant that is written: given, or copied from a row that the same statement has read as that tenant's. */
  #isWritten(tree: Tree, values: Tree | undefined, scopes: readonly Scope[]): boolean {
    if (tree.type === 'parameter') return true
    const named = tree.type === 'alias' ? bare(tree.expr as Tree) : tree
    if (named.type === 'parameter') return true
    const column = columnOf(named)
    if (column === null || !values || !isTree(values)) return false
    const { sources, equations } = read(values)
    return sources.some(
      (source) =>
        (column.table === null || column.table === source.alias) &&
        this.#tenancy.get(source.table) === column.name &&
        this.#holds(source, equations, [{ sources, held: new Set() }, ...scopes]),
    )
  }
}

/** The expressions of each row that is inserted. */
function rowsOf(values: Tree): Tree[][] {
  if (values.type === 'values_clause')
    return (values.values as { items: Tree[] }).items.map((row) => (bare(row) as unknown as { items: Tree[] }).items)
  const [select] = values.type === 'select_stmt' ? (values.clauses as Tree[]) : []
  return select ? [(select.columns as { items: Tree[] }).items] : []
}
