import { UserError } from '@weft/errors';
import { bucketsOfShard, type ShardMap } from '../shard-map.ts';
import { WATCH_NAMES } from '../watch-name.ts';
import type { Admin } from './admin.ts';
import { bucketOf, MOVE_NAME } from './move-sql.ts';
import { readMove } from './move-state.ts';
import type { ShardedTables } from './sharded-tables.ts';

/** What a move would do. */
export interface MovePlan {
  readonly source: string;
  readonly target: string;
  readonly buckets: readonly number[];
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[];
  readonly rows: number;
  /** Of rows and indexes, by the average row of each table. */
  readonly bytes: number;
  /** On the disk of the target's data; undefined where the server may not look. */
  readonly freeBytes: number | undefined;
  /** What has to be put right first. */
  readonly problems: readonly string[];
}

/** The copy, the log that waits for it, and room to go on living. */
const DISK_FACTOR = 2;
const OWN_TABLES = new Set(['migration', 'outbox', 'inbox']);

export async function checkMove(
  { source, target }: { readonly source: Admin; readonly target: Admin },
  options: {
    readonly buckets: readonly number[];
    readonly map: ShardMap;
    readonly sharded: ShardedTables;
    readonly diskIsEnough: boolean;
  },
): Promise<MovePlan> {
  const { buckets, map, sharded } = options;
  const tables = await Promise.all(
    sharded.tables.map(async (table) => {
      const [found] = await source.query<{ rows: string; bytes: string }>(
        `select count(*) as rows, (count(*) * (pg_total_relation_size($1::regclass)::float8
           / greatest((select count(*) from ${table.table}), 1)))::bigint as bytes
         from ${table.table} where ${bucketOf(table)} = any($2::integer[])`,
        [table.table, buckets],
      );
      return { table: table.table, rows: Number(found?.rows), bytes: Number(found?.bytes) };
    }),
  );
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  const freeBytes = await freeDiskOf(target);
  const problems = (
    await Promise.all([
      slotProblems(source),
      workerProblems(target),
      tableProblems(source, target, sharded),
      leftoverProblems(target, buckets, sharded),
      keyProblems(source, map, sharded),
      mapProblems([source, target], map),
    ])
  )
    .flat()
    .concat(diskProblems(target, bytes, freeBytes, options.diskIsEnough));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return { source: source.shard, target: target.shard, buckets, tables, rows, bytes, freeBytes, problems };
}

async function slotProblems(source: Admin): Promise<string[]> {
  const [found] = await source.query<{ level: string; slots: number; senders: number }>(`select
    current_setting('wal_level') as level,
    current_setting('max_replication_slots')::int4 - (select count(*)::int4 from pg_replication_slots) as slots,
    current_setting('max_wal_senders')::int4 - (select count(*)::int4 from pg_stat_replication) as senders`);
  const problems: string[] = [];
  if (found?.level !== 'logical')
    problems.push(`${source.shard}: wal_level is ${found?.level}; set it to logical and restart the server`);
  // The tables are copied by two more at a time.
  if ((found?.slots ?? 0) < 3)
    problems.push(`${source.shard}: ${found?.slots} replication slots are free, 3 are needed (max_replication_slots)`);
  if ((found?.senders ?? 0) < 3)
    problems.push(`${source.shard}: ${found?.senders} WAL senders are free, 3 are needed (max_wal_senders)`);
  return problems;
}

async function workerProblems(target: Admin): Promise<string[]> {
  const [found] = await target.query<{ logical: number; workers: number }>(`select
    current_setting('max_logical_replication_workers')::int4 as logical, current_setting('max_worker_processes')::int4 as workers`);
  if ((found?.logical ?? 0) >= 3 && (found?.workers ?? 0) >= 4) return [];
  return [`${target.shard}: a subscription needs 3 workers (max_logical_replication_workers, max_worker_processes)`];
}

function diskProblems(target: Admin, bytes: number, free: number | undefined, isEnough: boolean): string[] {
  if (isEnough) return [];
  const needed = bytes * DISK_FACTOR;
  if (free === undefined)
    return [`${target.shard}: the free disk cannot be told; look yourself and say --disk-is-enough`];
  if (free >= needed) return [];
  return [`${target.shard}: ${megabytes(free)} of disk are free, ${megabytes(needed)} are needed`];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A server's working folder is its data; only a superuser of one that may run programs can ask. */
async function freeDiskOf(target: Admin): Promise<number | undefined> {
  try {
    await target.query(`create temporary table if not exists weft_disk (line text);
      truncate pg_temp.weft_disk; copy pg_temp.weft_disk from program 'df -Pk . | tail -n 1'`);
    const [row] = await target.query<{ line: string }>('select line from pg_temp.weft_disk');
    const available = Number(row?.line.trim().split(/\s+/)[3]);
    return Number.isFinite(available) ? available * 1_024 : undefined;
  } catch {
    return undefined;
  }
}

/** Tables that nobody said the key of would be left behind. */
async function tableProblems(source: Admin, target: Admin, sharded: ShardedTables): Promise<string[]> {
  const shapes = `select table_schema || '.' || table_name as table,
      string_agg(column_name || ' ' || udt_name, ', ' order by column_name) as shape
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE' and table_schema !~ '^(pg_|information_schema$|weft$|pgboss$)' and table_schema !~ '_jobs$'
    group by 1`;
  type Shape = { readonly table: string; readonly shape: string };
  const [ours, theirs] = await Promise.all([source.query<Shape>(shapes), target.query<Shape>(shapes)]);
  const known = new Map(theirs.map(({ table, shape }) => [table, shape]));
  const told = new Set([...sharded.tables.map(({ table }) => table), ...sharded.reference]);
  const problems = ours
    .filter(({ table }) => !told.has(table) && !OWN_TABLES.has(table.split('.')[1] ?? ''))
    .map(({ table }) => `${table}: the file of sharded tables does not say by which column its rows are found`);
  for (const { table, shape } of ours) {
    if (told.has(table) && known.get(table) !== shape)
      problems.push(`${table} is not the same on ${target.shard}: migrate it first`);
  }
  return problems;
}

async function leftoverProblems(
  target: Admin,
  buckets: readonly number[],
  { tables }: ShardedTables,
): Promise<string[]> {
  const found = await Promise.all(
    tables.map(async (table) => {
      const rows = await target
        .query(`select 1 from ${table.table} where ${bucketOf(table)} = any($1::integer[]) limit 1`, [buckets])
        // A table that the target does not have, or has otherwise, is a problem of tableProblems.
        .catch(() => []);
      return rows.length === 0 ? [] : [`${table.table}: ${target.shard} has rows of these buckets already`];
    }),
  );
  return found.flat();
}

/** A column that does not say where rows are would move the wrong ones. */
async function keyProblems(source: Admin, map: ShardMap, { tables }: ShardedTables): Promise<string[]> {
  const own = bucketsOfShard(map, source.shard);
  const problems: string[] = [];
  for (const table of tables) {
    const rows = await source.query(
      `select 1 from ${table.table} where ${bucketOf(table)} <> all($1::integer[]) limit 1`,
      [own],
    );
    if (rows.length > 0) {
      problems.push(`${table.table}: by its column ${table.column}, ${source.shard} has rows that lie elsewhere`);
    }
  }
  return problems;
}

async function mapProblems(admins: readonly Admin[], map: ShardMap): Promise<string[]> {
  const problems: string[] = [];
  for (const admin of admins) {
    const [row] = await admin.query<{ shard: string; version: number }>('select shard, version from weft.shard_map');
    if (row?.shard !== admin.shard) problems.push(`the server of ${admin.shard} says that it is ${row?.shard}`);
    if (row !== undefined && row.version > map.version) {
      problems.push(
        `${admin.shard} goes by version ${row.version} of the shard map, the file has ${map.version}: take the newer one`,
      );
    }
    const other = await readMove(admin);
    if (other !== undefined) problems.push(`${admin.shard}: a move to ${other.target} was begun and has not ended`);
    const deaf = await admin.query<{ name: string }>(
      `select distinct application_name as name from pg_stat_activity
       where application_name ~ '^weft-.*-watch' and application_name !~ $1`,
      [WATCH_NAMES],
    );
    problems.push(
      ...deaf.map(({ name }) => `${name} is a process that cannot follow a move: restart it with this version`),
    );
  }
  const named = await admins[1]?.query('select 1 from pg_subscription where subname = $1', [MOVE_NAME]);
  if (named !== undefined && named.length > 0)
    problems.push(`${admins[1]?.shard}: a subscription of another move is there`);
  return problems;
}

/** UserError that lists all, when there are any. */
export function refuseProblems({ problems }: MovePlan): void {
  if (problems.length > 0)
    throw new UserError(`These buckets cannot be moved:\n  ${problems.join('\n  ')}`, { exitCode: 1 });
}
