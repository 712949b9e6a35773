import type { FleetAddresses } from '../fleet-addresses.ts';
import type { ShardMap } from '../shard-map.ts';
import type { Migration } from './migration.ts';

export interface MigrateOptions {
  readonly subgraph: string;
  readonly migrations: readonly Migration[];
  readonly addresses: FleetAddresses;
  readonly superuser: { readonly user: string; readonly password: string };
  /** Of the roles `<subgraph>_owner` and `<subgraph>_runtime`. */
  readonly passwords: { readonly owner: string; readonly runtime: string };
  readonly shardMap: ShardMap;
  /** More schemas that the owner has and the runtime role uses: `orders_jobs`. */
  readonly schemas?: readonly string[];
  readonly onProgress?: (step: { readonly shard: string; readonly applied: readonly string[] }) => void;
}

/** Brings every shard to the given migrations: roles, schemas, ledger, outbox, inbox and the migrations, one transaction a shard. */
export async function migrateSubgraph(options: MigrateOptions): Promise<void> {
  throw new Error(`not built yet: ${options.subgraph}`);
}
