import { UserError } from '@weft/errors';
import { Client } from 'pg';
import type { FleetAddresses, ShardAddresses } from '../fleet-addresses.ts';
import { clientSettings } from '../server/client-settings.ts';
import type { ShardMap } from '../shard-map.ts';
import { type LedgerRow, pendingMigrations } from './ledger.ts';
import { fingerprintOf, type Migration } from './migration.ts';
import { ensureRole, ensureSchema, revokePublic, rolesOf } from './roles.ts';
import { createSystemTables, recordShardMap } from './system-tables.ts';

/** One for all subgraphs: roles and the rights on the database are shared, and Postgres refuses to change them at the same time. */
const LOCK = "hashtextextended('weft.migrate', 0)";
/** An index of a large table takes its time; a lock that is not given does not get more than this. */
const STATEMENT_TIMEOUT_MS = 600_000;
const LOCK_TIMEOUT_MS = 60_000;

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

/**
 * Brings every shard to the given migrations: roles, schemas, system tables and what the ledger lacks, in one transaction
 * a shard, so that a shard is never between two versions. UserError when an applied migration was changed.
 */
export async function migrateSubgraph(options: MigrateOptions): Promise<void> {
  for (const name of [options.subgraph, ...(options.schemas ?? [])]) refuseUnlessIdentifier(name);
  const shards = options.shardMap.shards.map((name) => {
    const found = options.addresses.shards.find((shard) => shard.name === name);
    if (found === undefined) throw new UserError(`the shard map names ${name}, the fleet file does not`);
    return found;
  });
  await Promise.all(shards.map((shard) => migrateShard(options, shard)));
}

async function migrateShard(options: MigrateOptions, shard: ShardAddresses): Promise<void> {
  const { user, password } = options.superuser;
  const client = new Client(
    clientSettings({
      url: shard.primary,
      credentials: { role: user, password },
      name: `weft-${options.subgraph}-migrate`,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }),
  );
  // A connection that breaks fails the statement that waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}; select pg_advisory_xact_lock(${LOCK})`);
    const applied = await bringUp(client, options, shard.name);
    await client.query('commit');
    options.onProgress?.({ shard: shard.name, applied });
  } finally {
    await client.end();
  }
}

async function bringUp(client: Client, options: MigrateOptions, shard: string): Promise<string[]> {
  const { subgraph, migrations, passwords, shardMap } = options;
  const roles = rolesOf(subgraph);
  await ensureRole(client, roles.owner, passwords.owner);
  await ensureRole(client, roles.runtime, passwords.runtime);
  await revokePublic(client);
  await recordShardMap(client, { shard, shardMap, runtime: roles.runtime });
  for (const schema of [subgraph, ...(options.schemas ?? [])]) await ensureSchema(client, schema, roles);

  await client.query(`set local role ${roles.owner}`);
  await createSystemTables(client, subgraph, roles);
  const ledger = await client.query<LedgerRow>(`select name, fingerprint from ${subgraph}.migration`);
  const pending = pendingMigrations({ subgraph, shard }, migrations, ledger.rows);
  for (const migration of pending) {
    for (const statement of migration.statements) await apply(client, migration.name, shard, statement);
    await client.query(`insert into ${subgraph}.migration (name, fingerprint) values ($1, $2)`, [
      migration.name,
      fingerprintOf(migration),
    ]);
  }
  return pending.map(({ name }) => name);
}

async function apply(client: Client, migration: string, shard: string, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const start = statement.trim().split('\n', 1)[0] ?? '';
    throw new UserError(`migration ${migration} failed on ${shard} and was undone: ${reason}\n  in: ${start}`, {
      cause,
    });
  }
}

/** They become part of SQL, where a name cannot be a parameter. */
function refuseUnlessIdentifier(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(name)) throw new UserError(`"${name}" cannot be the name of a schema`);
}
