import { isGraphError, messageOf, UserError } from '@weft/errors';
import { sqlStateOf } from '../server/failure.ts';
import type { ShardMap } from '../shard-map.ts';
import { type LedgerRow, pendingMigrations } from './ledger.ts';
import type { Migration } from './migration.ts';
import { refuseWrongShard } from './system-tables.ts';

export interface CheckOptions {
  readonly subgraph: string;
  readonly shardMap: ShardMap;
  readonly migrations: readonly Migration[];
  readonly query: (shard: string, sql: string) => Promise<unknown[]>;
  /** Takes the map that a shard has recorded, when it is newer and names no shard that is unknown here. */
  readonly takeNewerMap: (shard: string) => Promise<void>;
}

/** No such schema, table, role or database; wrong password; not allowed: nobody has migrated this shard for us. */
const NOT_MIGRATED = /^(3F000|42P01|42501|28000|28P01)$/;

interface Problem {
  readonly text: string;
  /** The shard did not answer, so nothing is known of it; every other problem is one that waiting does not cure. */
  readonly isDown: boolean;
}

/**
 * Throws one UserError that lists every shard that this code cannot serve, and why. Its code is SHARD_UNAVAILABLE when
 * all that is wrong is that some shards do not answer: the others can be served.
 */
export async function checkShards(options: CheckOptions): Promise<void> {
  const problems = await Promise.all(options.shardMap.shards.map((shard) => problemOf(shard, options)));
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  const text = found.map((problem) => problem.text).join('\n');
  const othersServe = found.every(({ isDown }) => isDown) && found.length < problems.length;
  throw new UserError(text, othersServe ? { code: 'SHARD_UNAVAILABLE' } : {});
}

async function problemOf(shard: string, options: CheckOptions): Promise<Problem | undefined> {
  const standing = (text: string): Problem => ({ text, isDown: false });
  const { subgraph, shardMap, migrations, query, takeNewerMap } = options;
  try {
    const [map, ledger] = await Promise.all([
      query(shard, 'select shard, version from weft.shard_map'),
      query(shard, `select name, fingerprint from ${subgraph}.migration`),
    ]);
    const [found] = map as { shard: string; version: number }[];
    if (found === undefined) return standing(`${shard} has no shard map recorded: migrate it first`);
    // Said of it by a notification too, but a start must not depend on which of the two comes first.
    if (found.version > shardMap.version) await takeNewerMap(shard);
    refuseWrongShard(shard, found, shardMap);
    const pending = pendingMigrations({ subgraph, shard }, migrations, ledger as LedgerRow[]);
    const names = pending.map(({ name }) => name).join(', ');
    if (pending.length === 0) return undefined;
    return standing(`${shard} is behind: ${subgraph} needs ${names} there. Migrate it first.`);
  } catch (error) {
    const reason = isGraphError(error) ? error.cause : error;
    if (NOT_MIGRATED.test(sqlStateOf(reason) ?? '')) {
      return standing(`${shard} is not migrated for ${subgraph} (${messageOf(reason)}). Migrate it first.`);
    }
    if (error instanceof UserError) return standing(error.message);
    return { text: `${shard} cannot be checked: ${messageOf(reason)}`, isDown: isGraphError(error) };
  }
}
