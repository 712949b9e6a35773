import { LimitNode, OrderByItemNode, QueryNode, SelectQueryNode, sql } from 'kysely';
import type { TopLoader } from '../loaders.ts';
import { type Compiled, selectOf } from './compile-keyed.ts';
import { ASKER, KEYS } from './key-list.ts';
import { createKeyset, type Keyset } from './keyset.ts';
import { asExpression, compileNode, createBuilder, fill, Placeholder, prepare } from './statement.ts';

const LIMITS = new Placeholder('limits');
const afterOf = (index: number): Placeholder => new Placeholder(`after${index}`);

export interface CompiledTop extends Compiled {
  readonly keyset: Keyset;
  /** One asker a parent; an answer row says by `weft_asker` (from 1) which one it is for. */
  parameters(askers: readonly TopAsker[]): unknown[];
}

export interface TopAsker {
  readonly parent: string;
  readonly limit: number;
  readonly after: readonly (string | number)[];
}

/**
 * All parents of a shard by one statement: `unnest` gives a row for each asker and the owner's select runs laterally
 * for it, ended by its own limit. (row_number() would read every row of every parent.)
 */
export function compileTop(loader: TopLoader<unknown, unknown>): CompiledTop {
  const keyset = createKeyset(loader.name, loader.orderBy);
  const inner = selectOf(loader.name, loader.statement(createBuilder(), { key: () => sql.ref(`${ASKER}.key`) }));
  if (inner.limit !== undefined || inner.orderBy !== undefined) {
    throw new Error(`${loader.name}: order and limit of a top loader are \`orderBy\` and \`max\``);
  }
  const afters = keyset.columns.map((_, index) => sql.ref(`${ASKER}.after_${index}`));
  const after = QueryNode.cloneWithWhere(inner, keyset.isAfter(afters).toOperationNode());
  const ordered = SelectQueryNode.cloneWithOrderByItems(after, [
    OrderByItemNode.create(keyset.orderBy().toOperationNode()),
  ]);
  const limited = SelectQueryNode.cloneWithLimit(
    ordered,
    LimitNode.create(sql.ref(`${ASKER}.first`).toOperationNode()),
  );

  const asker = sql.raw(ASKER);
  const columns = keyset.columns.map((_, index) => sql.ref(`after_${index}`));
  const arrays = [
    sql`${KEYS}::${sql.raw(loader.route.sqlType)}[]`,
    sql`${LIMITS}::int4[]`,
    ...keyset.columns.map(({ type }, index) => sql`${afterOf(index)}::${sql.raw(type)}[]`),
  ];
  const statement = sql`select ${asker}.n::int4 as ${asker}, weft_row.* from unnest(${sql.join(arrays)}) with ordinality as ${asker}(key, first, ${sql.join(columns)}, n) cross join lateral ${asExpression(limited)} as weft_row`;
  const prepared = prepare(compileNode(statement.toOperationNode()));
  return {
    node: inner,
    keyset,
    prepared,
    parameters(askers) {
      const values: Record<string, unknown> = {
        keys: loader.route.toArray(askers.map(({ parent }) => parent)),
        limits: `{${askers.map(({ limit }) => limit).join(',')}}`,
      };
      for (let index = 0; index < keyset.columns.length; index += 1) {
        values[`after${index}`] = askers.map((asker) => asker.after[index]);
      }
      return fill(prepared, values);
    },
  };
}
