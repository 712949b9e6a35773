import { type Expression, LimitNode, OrderByItemNode, QueryNode, SelectQueryNode, sql, ValueNode } from 'kysely';
import type { Scatter } from '../loaders.ts';
import { type Compiled, selectOf } from './compile-keyed.ts';
import { createKeyset, type Keyset, type OrderValues } from './keyset.ts';
import { compileNode, createBuilder, fill, Placeholder, prepare } from './statement.ts';

export type ScatterArguments = Readonly<Record<string, unknown>>;

export interface CompiledScatter {
  readonly keyset: Keyset;
  /** The statement for the arguments that are given; built once for each set of names. */
  shapeOf(args: ScatterArguments): Compiled;
  parameters(shape: Compiled, args: ScatterArguments, after: OrderValues, limit: number): unknown[];
}

const LIMIT = new Placeholder('limit');

export function compileScatter(scatter: Scatter<unknown, unknown, unknown>): CompiledScatter {
  const keyset = createKeyset(scatter.name, scatter.orderBy);
  const shapes = new Map<string, Compiled>();

  const build = (given: readonly string[]): Compiled => {
    const args: Record<string, Expression<unknown>> = {};
    for (const name of given) args[name] = sql`${new Placeholder(`arg.${name}`)}`;
    const node = selectOf(scatter.name, scatter.statement(createBuilder(), args as never));
    if (node.limit !== undefined || node.orderBy !== undefined) {
      throw new Error(`${scatter.name}: order and limit of a scatter are \`orderBy\` and \`max\``);
    }
    const afters = keyset.columns.map(({ type }, index) => sql`${new Placeholder(`after.${index}`)}::${sql.raw(type)}`);
    const after = QueryNode.cloneWithWhere(node, keyset.isAfter(afters).toOperationNode());
    const order = OrderByItemNode.create(keyset.orderBy().toOperationNode());
    const ordered = SelectQueryNode.cloneWithOrderByItems(after, [order]);
    const limited = SelectQueryNode.cloneWithLimit(ordered, LimitNode.create(ValueNode.create(LIMIT)));
    return { node, prepared: prepare(compileNode(limited)) };
  };

  return {
    keyset,
    shapeOf(args) {
      const given = Object.keys(args).filter((name) => args[name] !== undefined && args[name] !== null);
      const shape = given.sort().join(',');
      let compiled = shapes.get(shape);
      if (compiled === undefined) {
        compiled = build(given);
        shapes.set(shape, compiled);
      }
      return compiled;
    },
    parameters(shape, args, after, limit) {
      const values: Record<string, unknown> = { limit };
      for (const [name, value] of Object.entries(args)) values[`arg.${name}`] = value;
      after.forEach((value, index) => {
        values[`after.${index}`] = value;
      });
      return fill(shape.prepared, values);
    },
  };
}
