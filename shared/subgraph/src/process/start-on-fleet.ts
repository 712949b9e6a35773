import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FleetAddresses, migrateSubgraph, readShardMap } from '@weft/database';
import { BUCKETS } from '@weft/ids';
import type { Subgraph } from '../definition/define-subgraph.ts';
import { createSubgraphCaller, type SubgraphCaller } from '../subgraph-caller.ts';
import { type RunningSubgraph, type StartOptions, startSubgraph } from './start-subgraph.ts';

/** What is needed of a fleet of Postgres servers; `Fleet` of @weft/postgres has it. */
export interface FleetForTests {
  readonly directory: string;
  /** Path of fleet.json. */
  readonly file: string;
  readonly addresses: FleetAddresses;
  readonly superuser: { readonly user: string; readonly password: string };
}

export interface SubgraphOnFleet<T> extends RunningSubgraph<T> {
  /** Calls it as the gateway does. */
  readonly call: SubgraphCaller;
  readonly secret: string;
  /** The settings it runs with, for a worker beside it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Another process's worth of it on the same shards, with caches of its own. */
  startCopy(options?: StartOptions): Promise<SubgraphOnFleet<T>>;
}

/**
 * Migrates a subgraph on a fleet and starts it in this process on a free port, for tests and benches. The buckets are
 * spread evenly over the shards, in their order. `options.environment` wins over what is set here.
 */
export async function startOnFleet<T>(
  subgraph: Subgraph<T>,
  fleet: FleetForTests,
  options: StartOptions = {},
): Promise<SubgraphOnFleet<T>> {
  const secret = randomBytes(24).toString('base64url');
  const passwords = { owner: randomBytes(18).toString('base64url'), runtime: randomBytes(18).toString('base64url') };
  const shardMapFile = join(fleet.directory, 'shard-map.yaml');
  await writeFile(shardMapFile, evenShardMap(fleet.addresses.shards.map(({ name }) => name)));
  await migrateSubgraph({
    ...{ subgraph: subgraph.name, migrations: subgraph.migrations, addresses: fleet.addresses, passwords },
    superuser: fleet.superuser,
    shardMap: readShardMap(shardMapFile),
    schemas: subgraph.schemas ?? [],
  });
  const environment: NodeJS.ProcessEnv = {
    WEFT_PORT: '0',
    WEFT_MODE: 'development',
    WEFT_LOG_LEVEL: 'silent',
    WEFT_SECRETS: secret,
    WEFT_FLEET_FILE: fleet.file,
    WEFT_SHARD_MAP_FILE: shardMapFile,
    WEFT_DATABASE_ROLE: `${subgraph.name}_runtime`,
    WEFT_DATABASE_PASSWORD: passwords.runtime,
  };
  const startCopy = async (copyOptions: StartOptions = {}): Promise<SubgraphOnFleet<T>> => {
    const copyEnvironment = { ...environment, ...copyOptions.environment };
    const running = await startSubgraph(subgraph, { ...copyOptions, environment: copyEnvironment });
    const call = createSubgraphCaller({ subgraph: subgraph.name, url: running.url, secrets: [secret] });
    return { ...running, call, secret, environment: copyEnvironment, startCopy };
  };
  return startCopy(options);
}

function evenShardMap(names: readonly string[]): string {
  const edge = (index: number) => Math.round((index * BUCKETS) / names.length);
  const shards = names.map(
    (name, index) => `  - name: ${name}\n    buckets: "${edge(index)}-${edge(index + 1) - 1}"\n`,
  );
  return `version: 1\nbuckets: ${BUCKETS}\nshards:\n${shards.join('')}`;
}
