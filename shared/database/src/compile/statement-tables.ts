import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  IdentifierNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
  ValueNode,
  WithNode,
} from 'kysely';
import { ASKER, KEYS } from './key-list.ts';

/** A table that a select reads, by the name that the select gives it. */
export interface TableUse {
  /** `products.product`; without a schema when the statement names none. */
  readonly table: string;
  readonly alias: string;
}

/** Equality of a column, as it stands among the conditions that all must hold. */
export interface Equality {
  /** Undefined when the column is named alone. */
  readonly alias: string | undefined;
  readonly column: string;
  readonly equals: 'key' | 'column' | 'other';
}

/** Every select in a statement: itself, CTEs and subqueries. */
export function selectsIn(node: OperationNode): SelectQueryNode[] {
  const found: SelectQueryNode[] = [];
  walk(node, (part) => {
    if (SelectQueryNode.is(part)) found.push(part);
  });
  return found;
}

/** Names that the statement gives to its CTEs: no tables. */
export function cteNamesIn(node: OperationNode): Set<string> {
  const names = new Set<string>();
  walk(node, (part) => {
    if (WithNode.is(part)) for (const { name } of part.expressions) names.add(name.table.table.identifier.name);
  });
  return names;
}

/** Tables of one select, without those of its subqueries. */
export function tablesOf(select: SelectQueryNode): TableUse[] {
  const sources = [...(select.from?.froms ?? []), ...(select.joins ?? []).map(({ table }) => table)];
  return sources.flatMap((source) => tableUse(source) ?? []);
}

/** Equalities of one select that every row must meet: of `where` and of the joins' `on`; what stands under `or` is none. */
export function equalitiesOf(select: SelectQueryNode): Equality[] {
  const conditions = [select.where?.where, ...(select.joins ?? []).map(({ on }) => on?.on)];
  return conditions.flatMap((condition) => (condition === undefined ? [] : conjuncts(condition))).flatMap(toEqualities);
}

function toEqualities(condition: OperationNode): Equality[] {
  if (!BinaryOperationNode.is(condition)) return [];
  const { leftOperand: left, operator, rightOperand: right } = condition;
  if (!OperatorNode.is(operator) || operator.operator !== '=') return [];
  const sides: [OperationNode, OperationNode][] = [
    [left, right],
    [right, left],
  ];
  return sides.flatMap(([side, other]) => {
    const column = columnOf(side);
    if (column === undefined) return [];
    return { ...column, equals: isKey(other) ? 'key' : columnOf(other) === undefined ? 'other' : 'column' } as const;
  });
}

function conjuncts(node: OperationNode): OperationNode[] {
  if (ParensNode.is(node)) return conjuncts(node.node);
  return AndNode.is(node) ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

function columnOf(node: OperationNode): { alias: string | undefined; column: string } | undefined {
  if (!ReferenceNode.is(node) || !ColumnNode.is(node.column)) return undefined;
  const { table } = node;
  const column = node.column.column.name;
  if (table === undefined) return { alias: undefined, column };
  const { schema, identifier } = table.table;
  return { alias: schema === undefined ? identifier.name : `${schema.name}.${identifier.name}`, column };
}

/** The keys of the batch, or the parent of a top statement. */
function isKey(node: OperationNode): boolean {
  let found = false;
  walk(node, (part) => {
    if (ValueNode.is(part) && part.value === KEYS) found = true;
    if (ReferenceNode.is(part) && part.table?.table.identifier.name === ASKER) found = true;
  });
  return found;
}

function tableUse(node: OperationNode): TableUse | undefined {
  if (AliasNode.is(node)) {
    const inner = tableUse(node.node);
    return inner !== undefined && IdentifierNode.is(node.alias) ? { ...inner, alias: node.alias.name } : inner;
  }
  if (!TableNode.is(node)) return undefined;
  const { schema, identifier } = node.table;
  const table = schema === undefined ? identifier.name : `${schema.name}.${identifier.name}`;
  return { table, alias: table };
}

function walk(value: unknown, visit: (node: OperationNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return;
  visit(value as OperationNode);
  for (const part of Object.values(value)) walk(part, visit);
}
