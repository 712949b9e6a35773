import { UserError } from '@weft/errors';
import type { Client } from 'pg';

/** What a finished seed left on a shard: one row of `weft.seed`, written in the transaction that wrote the rows. */
export interface SeedMarker {
  readonly scale: number;
  readonly rows: Readonly<Record<string, number>>;
}

/** The marker of one shard; nothing when no seed was finished there. */
export async function readMarker(client: Client): Promise<SeedMarker | undefined> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "select to_regclass('weft.seed') is not null as there",
  );
  if (!found[0]?.there) return undefined;
  const { rows } = await client.query<SeedMarker>('select scale, rows from weft.seed');
  return rows[0];
}

export async function writeMarker(client: Client, marker: SeedMarker): Promise<void> {
  await client.query('create schema if not exists weft');
  await client.query(
    `create table if not exists weft.seed (
       only_one boolean primary key default true check (only_one),
       scale double precision not null, rows jsonb not null, finished_at timestamptz not null default now())`,
  );
  await client.query('delete from weft.seed');
  await client.query('insert into weft.seed (scale, rows) values ($1, $2)', [
    marker.scale,
    JSON.stringify(marker.rows),
  ]);
}

/** What to do, seen from all shards. `begin`: nothing is there, or a seed that ended between two commits. */
export type SeedState = { readonly kind: 'kept'; readonly scale: number } | { readonly kind: 'begin' };

/**
 * A shard commits its rows and its marker together, so a shard either has both or neither: rows without a marker are
 * somebody's own and are never touched.
 */
export async function readSeedState(
  clients: ReadonlyMap<string, Client>,
  tables: readonly string[],
  scale: number | undefined,
): Promise<SeedState> {
  const markers: SeedMarker[] = [];
  for (const [shard, client] of clients) {
    const marker = await readMarker(client);
    if (marker) markers.push(marker);
    else await refuseForeignRows(shard, client, tables);
  }
  const [first] = markers;
  if (!first || markers.length < clients.size || markers.some((marker) => marker.scale !== first.scale))
    return { kind: 'begin' };
  if (scale !== undefined && scale !== first.scale)
    throw new UserError(
      `The data here was seeded at scale ${first.scale}, and scale ${scale} was asked for. ` +
        'Begin anew with --fresh (this deletes the data), or leave --scale out to keep it.',
    );
  return { kind: 'kept', scale: first.scale };
}

async function refuseForeignRows(shard: string, client: Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await client.query<{ some: boolean }>(`select exists (select from ${table}) as some`);
    if (rows[0]?.some)
      throw new UserError(
        `${table} on ${shard} has rows that the seed did not write, and the seed would delete them. ` +
          'Begin anew with --fresh, or seed an empty database.',
      );
  }
}
