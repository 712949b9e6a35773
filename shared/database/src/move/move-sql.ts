import { MOVED } from '../server/failure.ts';
import { formatBuckets } from '../shard-map.ts';
import type { ShardedTable } from './sharded-tables.ts';

/** Of the publication, the subscription and its slot. One move at a time leaves or enters a shard. */
export const MOVE_NAME = 'weft_move';

/**
 * What a move needs on both shards. `weft.fence`: buckets that take no write until a moment; read by the triggers, under
 * a lock that the decision of the move takes too, so that no write slips in between. `weft.heartbeat`: a row that comes
 * over after everything before it. The functions are those of shared/ids in SQL.
 */
export const MOVE_OBJECTS = `
create schema if not exists weft;
create table if not exists weft.fence (bucket integer primary key, until timestamptz not null);
create table if not exists weft.heartbeat (id bigint primary key);
create table if not exists weft.move (
  only_one boolean primary key default true check (only_one),
  buckets integer[] not null,
  source text not null,
  target text not null,
  step text not null,
  map text not null,
  started_at timestamptz not null default now()
);
create or replace function weft.bucket_of_id(id bigint) returns integer language sql immutable strict
  as $$ select ((id >> 12) & 1023)::integer $$;
create or replace function weft.bucket_of_text(key text) returns integer language plpgsql immutable strict as $$
declare h bigint := 2166136261; code bigint; unit bigint; units bigint[];
begin
  for i in 1 .. length(key) loop
    code := ascii(substr(key, i, 1));
    units := case when code > 65535
      then array[55296 + ((code - 65536) >> 10), 56320 + ((code - 65536) & 1023)] else array[code] end;
    foreach unit in array units loop h := ((h # unit) * 16777619) & 4294967295; end loop;
  end loop;
  h := weft.multiply_32(h # (h >> 16), 2246822507);
  h := weft.multiply_32(h # (h >> 13), 3266489909);
  return (h # (h >> 16)) % 1024;
end $$;
create or replace function weft.switch_map(moved integer[], margin_ms integer, new_version integer, new_map text, channel text)
  returns void language plpgsql as $$
declare standing integer;
begin
  update weft.fence set until = 'infinity'
    where bucket = any(moved) and until > clock_timestamp() + margin_ms * interval '1 ms';
  get diagnostics standing = row_count;
  if standing <> cardinality(moved) then raise exception 'the cut-over took too long: try again'; end if;
  update weft.move set step = 'switched';
  update weft.shard_map set version = new_version, map = new_map, recorded_at = now() where version < new_version;
  perform pg_notify(channel, new_version::text);
end $$;
create or replace function weft.multiply_32(a bigint, b bigint) returns bigint language sql immutable strict
  as $$ select ((a & 65535) * b + ((((a >> 16) * b) & 65535) << 16)) & 4294967295 $$;
`;

/** The bucket of a row, as SQL. */
export function bucketOf({ column, kind }: ShardedTable, row = ''): string {
  return `weft.bucket_of_${kind}(${row}${column})`;
}

/**
 * Rows of these buckets by operators of Postgres alone, which is all that a publication takes; undefined for a natural
 * key, whose table is copied whole and cleaned afterwards.
 */
export function rowFilter({ column, kind }: ShardedTable, buckets: readonly number[]): string | undefined {
  if (kind === 'text') return undefined;
  const bucket = `((${column} >> 12) & 1023)`;
  const ranges = formatBuckets(buckets)
    .split(', ')
    .map((range) => range.split('-'));
  return ranges.map(([first, last = first]) => `(${bucket} between ${first} and ${last})`).join(' or ');
}

export function publicationOf(tables: readonly ShardedTable[], buckets: readonly number[]): string {
  const parts = tables.map((table) => {
    const filter = rowFilter(table, buckets);
    return filter === undefined ? table.table : `${table.table} where (${filter})`;
  });
  return `create publication ${MOVE_NAME} for table ${[...parts, 'weft.heartbeat'].join(', ')}`;
}

/** Refuses writes into fenced buckets. What comes by replication passes: its triggers are those of a replica. */
export function fenceTriggers(tables: readonly ShardedTable[]): string {
  return tables
    .map((table) => {
      const name = fenceName(table);
      return `
create or replace function ${name}() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform 1 from weft.fence
    where bucket = coalesce(${bucketOf(table, 'new.')}, ${bucketOf(table, 'old.')}) and until > clock_timestamp() for share;
  if found then raise exception 'this bucket is moved to another shard' using errcode = '${MOVED}'; end if;
  return coalesce(new, old);
end $$;
create or replace trigger weft_fence before insert or update or delete on ${table.table} for each row execute function ${name}();`;
    })
    .join('\n');
}

export function dropFenceTriggers(tables: readonly ShardedTable[]): string {
  return tables
    .map(
      (table) => `drop trigger if exists weft_fence on ${table.table}; drop function if exists ${fenceName(table)}();`,
    )
    .join('\n');
}

function fenceName({ table }: ShardedTable): string {
  return `weft.fence_${table.replace('.', '_')}`;
}
