import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { migrateSubgraph, type ShardMap } from '@weft/database';
import { UserError } from '@weft/errors';
import type { Fleet } from '@weft/postgres';
import { jobsSchemaOf } from '@weft/queue';
import type { Subgraph } from '@weft/subgraph';
import { inClone } from './data/clone.ts';
import type { RolePasswords } from './data/secrets.ts';

/** Loads the definition of a subgraph by its place in the clone: one that was scaffolded a moment ago is found too. */
export async function loadDefinition(name: string): Promise<Subgraph<unknown>> {
  const file = inClone(`subgraphs/${name}/src/index.ts`);
  if (!existsSync(file))
    throw new UserError(`The subgraph ${name} is listed in schema/subgraphs.yaml, but there is no ${file}.`);
  const module = (await import(pathToFileURL(file).href)) as { readonly subgraph?: Subgraph<unknown> };
  if (!module.subgraph) throw new UserError(`${file} does not export a subgraph.`);
  return module.subgraph;
}

/** Brings all shards to the migrations of one subgraph. Gives how many were applied. */
export async function migrate(
  subgraph: Subgraph<unknown>,
  {
    fleet,
    shardMap,
    passwords,
  }: {
    readonly fleet: Fleet;
    readonly shardMap: ShardMap;
    readonly passwords: RolePasswords;
  },
): Promise<number> {
  let applied = 0;
  await migrateSubgraph({
    subgraph: subgraph.name,
    migrations: subgraph.migrations,
    addresses: fleet.addresses,
    superuser: fleet.superuser,
    passwords,
    shardMap,
    schemas: subgraph.jobs?.length ? [jobsSchemaOf(subgraph.name)] : [],
    onProgress: (step) => {
      applied += step.applied.length;
    },
  });
  return applied;
}
