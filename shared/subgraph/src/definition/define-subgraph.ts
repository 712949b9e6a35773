import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyLoader, Migration } from '@weft/database';
import type { JobDefinition, OldRows, Receivers, RelayHandlers } from '@weft/queue';
import type { GraphQLSchema } from 'graphql';
import { buildSchema } from './build-schema.ts';
import type { ResolverMap } from './resolver-map.ts';

export interface SubgraphDefinition<T> {
  /** Name in the supergraph, schema in the database, prefix of the roles. */
  readonly name: string;
  /** Holds schema.graphql and subgraph.yaml: `new URL('..', import.meta.url)` of a file in src/. */
  readonly directory: URL;
  readonly resolvers: ResolverMap<T>;
  /** In the order they are applied. */
  readonly migrations: readonly Migration[];
  /** Schemas that its migrations use beside its own: that of the jobs. */
  readonly schemas?: readonly string[];
  /** Every loader of the subgraph: the test that EXPLAINs their statements reads this list. */
  readonly loaders: readonly AnyLoader[];
  /** What the worker does with each topic of the outbox. */
  readonly relay?: RelayHandlers<T>;
  readonly jobs?: readonly JobDefinition<T>[];
  /** What it does with events that other subgraphs send to its /events. */
  readonly receives?: Receivers<T>;
  /** Rows that the worker deletes by age: idempotency keys. */
  readonly oldRows?: readonly OldRows[];
}

/** A checked declaration. It holds nothing that is open: processes are made of it by runSubgraph, runWorker, startSubgraph. */
export interface Subgraph<T> extends SubgraphDefinition<T> {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

/**
 * Checks a declaration against its SDL and gives the subgraph. Throws an Error that names every resolver without a
 * field and every entity without `__resolveReference`: both would otherwise be silent nulls at run time.
 */
export function defineSubgraph<T>(definition: SubgraphDefinition<T>): Subgraph<T> {
  const sdl = readFileSync(fileURLToPath(new URL('schema.graphql', definition.directory)), 'utf8');
  return { ...definition, sdl, schema: buildSchema(definition.name, sdl, definition.resolvers) };
}
