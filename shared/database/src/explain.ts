import { referenceTables } from './check-statements.ts';
import { compiledList, compiledRow, compiledScatter, compiledTop } from './compile/compiled-loaders.ts';
import { fill } from './compile/statement.ts';
import { equalitiesOf, selectsIn } from './compile/statement-tables.ts';
import type { Database } from './database.ts';
import type { AnyLoader, ListLoader, RowLoader, Scatter, TopLoader } from './loaders.ts';
import { findPlanProblems, type PlanNode } from './plan-problems.ts';
import type { Route } from './route.ts';

/** A statement of a loader that would read more than it gives, on one shard. */
export interface ExplainProblem {
  readonly loader: string;
  readonly shard: string;
  /** `Seq Scan on products.product: no index serves id`. */
  readonly reason: string;
}

interface Explained {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Columns that the keys are compared with; in a scatter those that arguments are. One of them must have an index. */
  readonly accessColumns: readonly string[];
  /** Its rows must come out of an index in their order: sorting would read all to give a page. */
  readonly ordered: boolean;
}

/**
 * EXPLAIN for the statement of every declaration on every shard, with `enable_seqscan = off`: what still has no index
 * condition then has no index, however small the table of a test is. Gives what is wrong; empty is well.
 */
export async function explainAll<T>(database: Database<T>, loaders: readonly AnyLoader[]): Promise<ExplainProblem[]> {
  const references = referenceTables(loaders);
  const problems: ExplainProblem[] = [];
  for (const shard of database.shards) {
    const leading = await leadingColumns(database, shard);
    for (const loader of loaders) {
      for (const statement of statementsOf(loader)) {
        const plan = await explain(database, shard, statement);
        const options = {
          ...statement,
          isSharded: (table: string) => !references.has(table),
          leadingColumnOf: (table: string, index: string) => leading.get(`${table} ${index}`),
        };
        for (const reason of findPlanProblems(plan, options)) problems.push({ loader: loader.name, shard, reason });
      }
    }
  }
  return problems;
}

/** By table and index: two schemas may each have an index of one name. */
async function leadingColumns<T>(database: Database<T>, shard: string): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query<{ name: string; column: string }>(
    shard,
    `select n.nspname || '.' || t.relname || ' ' || i.relname as name, a.attname as column
       from pg_index x
       join pg_class i on i.oid = x.indexrelid
       join pg_class t on t.oid = x.indrelid
       join pg_namespace n on n.oid = t.relnamespace
       join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]`,
  );
  return new Map(rows.map(({ name, column }) => [name, column]));
}

async function explain<T>(database: Database<T>, shard: string, statement: Explained): Promise<PlanNode> {
  return database.transaction(shard, async (tx) => {
    await tx.query('set local enable_seqscan = off');
    const sql = `explain (format json, verbose) ${statement.sql}`;
    const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(sql, statement.parameters);
    if (row === undefined) throw new Error('Postgres explained nothing');
    return row['QUERY PLAN'][0].Plan;
  });
}

function statementsOf(loader: AnyLoader): Explained[] {
  switch (loader.kind) {
    case 'row': {
      const row = loader as unknown as RowLoader<unknown, unknown>;
      const { prepared, node } = compiledRow(row);
      return [explained(prepared.sql, fill(prepared, { keys: sampleKeys(row.route) }), node, false)];
    }
    case 'list': {
      const list = loader as unknown as ListLoader<unknown, unknown>;
      const { prepared, node } = compiledList(list);
      return [explained(prepared.sql, fill(prepared, { keys: sampleKeys(list.route), limit: 10 }), node, false)];
    }
    case 'top': {
      const top = loader as unknown as TopLoader<unknown, unknown>;
      const { prepared, node, parameters, keyset } = compiledTop(top);
      const askers = ['1', '2', '3'].map((parent) => ({ parent, limit: 10, after: keyset.start }));
      return [explained(prepared.sql, parameters(askers), node, true)];
    }
    case 'scatter': {
      const scatter = loader as unknown as Scatter<unknown, unknown, unknown>;
      const { shapeOf, parameters, keyset } = compiledScatter(scatter);
      return scatter.examples.map((example) => {
        const args = example as Record<string, unknown>;
        const shape = shapeOf(args);
        return explained(shape.prepared.sql, parameters(shape, args, keyset.start, 10), shape.node, true);
      });
    }
    // Read whole, by design.
    case 'reference':
      return [];
  }
}

function explained(
  sql: string,
  parameters: readonly unknown[],
  node: Parameters<typeof selectsIn>[0],
  ordered: boolean,
): Explained {
  const equalities = selectsIn(node).flatMap(equalitiesOf);
  const byKey = equalities.filter(({ equals }) => equals === 'key');
  const access = byKey.length > 0 ? byKey : equalities.filter(({ equals }) => equals === 'other');
  const accessColumns = [...new Set(access.map(({ column }) => column))];
  return { sql, parameters, accessColumns, ordered };
}

function sampleKeys(route: Route): unknown {
  return route.toArray(['1', '2', '3']);
}
