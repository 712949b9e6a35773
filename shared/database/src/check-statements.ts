import type { OperationNode } from 'kysely';
import { selectOf } from './compile/compile-keyed.ts';
import { compiledList, compiledRow, compiledScatter, compiledTop } from './compile/compiled-loaders.ts';
import { createBuilder } from './compile/statement.ts';
import { cteNamesIn, equalitiesOf, selectsIn, type TableUse, tablesOf } from './compile/statement-tables.ts';
import type { AnyLoader, ListLoader, Reference, RowLoader, Scatter, TopLoader } from './loaders.ts';

/**
 * Refuses declarations that could not be sent to one shard, at start-up and before anything runs: a sharded table that
 * is not restricted by the keys, a join that is not by a key, a table without its schema. Throws one Error that lists all.
 */
export function checkStatements(loaders: readonly AnyLoader[]): void {
  const references = referenceTables(loaders);
  const names = new Set<string>();
  const problems: string[] = [];
  for (const loader of loaders) {
    if (names.has(loader.name)) problems.push(`${loader.name}: two declarations have this name`);
    names.add(loader.name);
    try {
      for (const node of nodesOf(loader)) problems.push(...problemsOf(loader, node, references));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (problems.length > 0) throw new Error(`statements that cannot be sent to one shard:\n  ${problems.join('\n  ')}`);
}

/** Tables that are whole on every shard: those of the reference declarations. */
export function referenceTables(loaders: readonly AnyLoader[]): ReadonlySet<string> {
  const tables = new Set<string>();
  for (const loader of loaders) {
    if (loader.kind !== 'reference') continue;
    for (const node of nodesOf(loader)) {
      for (const select of selectsIn(node)) for (const { table } of tablesOf(select)) tables.add(table);
    }
  }
  return tables;
}

/** The statements of a declaration as the owner wrote them: one, or one for each example of a scatter. */
function nodesOf(loader: AnyLoader): OperationNode[] {
  switch (loader.kind) {
    case 'row':
      return [compiledRow(loader as unknown as RowLoader<unknown, unknown>).node];
    case 'list':
      return [compiledList(loader as unknown as ListLoader<unknown, unknown>).node];
    case 'top':
      return [compiledTop(loader as unknown as TopLoader<unknown, unknown>).node];
    case 'scatter': {
      const scatter = loader as unknown as Scatter<unknown, unknown, unknown>;
      if (scatter.examples.length === 0)
        throw new Error(`${loader.name}: a scatter needs examples, to be explained by`);
      return scatter.examples.map((args) => compiledScatter(scatter).shapeOf(args as Record<string, unknown>).node);
    }
    case 'reference': {
      const reference = loader as unknown as Reference<unknown, unknown>;
      return [selectOf(reference.name, reference.statement(createBuilder()))];
    }
  }
}

function problemsOf(loader: AnyLoader, node: OperationNode, references: ReadonlySet<string>): string[] {
  const ctes = cteNamesIn(node);
  const problems: string[] = [];
  for (const select of selectsIn(node)) {
    const tables = tablesOf(select).filter(({ table }) => !ctes.has(table));
    for (const { table } of tables.filter(({ table }) => !table.includes('.'))) {
      problems.push(`${loader.name}: ${table} is named without its schema`);
    }
    const sharded = tables.filter(({ table }) => table.includes('.') && !references.has(table));
    // A scatter is the one that may read a table by something else than its key; what it joins is joined by keys.
    const equalities = equalitiesOf(select);
    const free = loader.kind === 'scatter' || loader.kind === 'reference' ? 1 : 0;
    const unbound = sharded.filter((use) => !isBound(use, sharded, equalities));
    if (unbound.length > free) problems.push(...unbound.slice(free).map(({ table }) => missingKey(loader, table)));
  }
  return problems;
}

/** By the keys, or by a column of another table: then it lies with that one, or is looked up for it. */
function isBound(use: TableUse, all: readonly TableUse[], equalities: ReturnType<typeof equalitiesOf>): boolean {
  return equalities.some(({ alias, equals }) => {
    const mine = alias === use.alias || (alias === undefined && all.length === 1);
    return mine && equals !== 'other';
  });
}

function missingKey({ name, kind }: AnyLoader, table: string): string {
  const key = kind === 'top' ? 'parent.key()' : 'keys.any()';
  return `${name}: ${table} is read without its access key: its column = ${key} is missing from \`where\``;
}
