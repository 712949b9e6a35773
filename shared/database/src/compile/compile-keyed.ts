import { LimitNode, type OperationNode, SelectQueryNode, ValueNode } from 'kysely';
import type { ListLoader, RowLoader } from '../loaders.ts';
import { createKeyList } from './key-list.ts';
import { compileNode, createBuilder, Placeholder, type Prepared, prepare, type SelectStatement } from './statement.ts';

/** A loader's statement, built once, and the tree that the start-up lint looks at. */
export interface Compiled {
  readonly prepared: Prepared;
  readonly node: OperationNode;
}

const LIMIT = new Placeholder('limit');

export function compileRow(loader: RowLoader<unknown, unknown>): Compiled {
  const node = selectOf(loader.name, loader.statement(createBuilder(), createKeyList(loader.route)));
  return { node, prepared: prepare(compileNode(node)) };
}

/** With a limit for the whole batch, so that no parent, however wrong, can flood the process. */
export function compileList(loader: ListLoader<unknown, unknown>): Compiled {
  const node = selectOf(loader.name, loader.statement(createBuilder(), createKeyList(loader.route)));
  if (node.limit !== undefined) throw new Error(`${loader.name}: a list has \`max\` and no limit of its own`);
  const limited = SelectQueryNode.cloneWithLimit(node, LimitNode.create(ValueNode.create(LIMIT)));
  return { node, prepared: prepare(compileNode(limited)) };
}

export function selectOf(loader: string, statement: SelectStatement<unknown>): SelectQueryNode {
  const node = statement.toOperationNode();
  if (!SelectQueryNode.is(node)) throw new Error(`${loader}: the statement of a loader is a select`);
  return node;
}
