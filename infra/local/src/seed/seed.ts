import { UserError } from '@weft/errors';
import type { Client } from 'pg';
import { createGoods } from './goods.ts';
import { readSeedState, writeMarker } from './marker.ts';
import { createPeople } from './people.ts';
import { createSeedPlan, type SeedPlan } from './plan.ts';
import { createPurchases } from './purchases.ts';
import { createRatings } from './ratings.ts';
import { openShardCopy } from './shard-copy.ts';
import type { SeedTable } from './table.ts';
import { createVocabulary } from './vocabulary.ts';

const BUCKETS = 1024;
/** Held by the transaction of a seed, so that two at once cannot mix their rows. */
const LOCK = 7_305_804;
/** Written by the running shop and about rows of the seed: they go when the seed begins anew. */
const FOLLOWERS = ['orders.idempotency', 'reviews.idempotency'];

export interface SeedOptions {
  readonly shardMap: { readonly shards: readonly string[]; shardOfBucket(bucket: number): string };
  /** A connected client on the primary of a shard, of a role that owns the tables; the seed ends it. */
  readonly connect: (shard: string) => Promise<Client>;
  /** 1: 5,000 users, 2,000 products, 20,000 reviews, 10,000 orders. Left out: whatever is there, else 1. */
  readonly scale?: number | undefined;
  readonly onProgress?: (progress: SeedProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface SeedProgress {
  readonly table: string;
  /** Of the whole seed, from 0 to 1. */
  readonly done: number;
  readonly rows: number;
}

export interface SeedReport {
  /** `kept`: a finished seed was there and nothing was written. */
  readonly state: 'seeded' | 'kept';
  readonly scale: number;
  /** Rows over all shards by table; a reference row counts once for each shard. */
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/**
 * Fills every shard with the marketplace. The same scale gives the same rows, byte for byte. A shard's rows and its
 * marker are one transaction; when a run ends between the commits of two shards, the next one begins anew.
 */
export async function seed(options: SeedOptions): Promise<SeedReport> {
  const { scale } = options;
  if (scale !== undefined && !(scale > 0 && scale <= 1_000))
    throw new UserError(`--scale ${scale}: give a number above 0 and at most 1000; 1 is 20,000 reviews.`);
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1_000;
  const clients = new Map<string, Client>();
  try {
    for (const shard of options.shardMap.shards) clients.set(shard, await connect(options, shard));
    const plan = createSeedPlan(scale ?? 1);
    const tables = seedTables(plan);
    const state = await begin(clients, tables, scale);
    if (state.kind === 'kept') {
      await listForReviews(clients);
      return { state: 'kept', scale: state.scale, rows: {}, seconds: seconds() };
    }
    const rows = await fill(clients, tables, plan, options);
    return { state: 'seeded', scale: plan.scale, rows, seconds: seconds() };
  } finally {
    // an open transaction ends with its connection: what was not committed was never there
    await Promise.allSettled([...clients.values()].map((client) => client.end()));
  }
}

/** Every table of the seed, in the order in which it is filled. */
export function seedTables(plan: SeedPlan): SeedTable[] {
  const words = createVocabulary();
  const people = createPeople(plan, words);
  const goods = createGoods(plan, words);
  const ratings = createRatings(plan, people.person);
  const purchases = createPurchases(plan, goods.priceMinor);
  return [...people.tables, ...goods.tables, ...ratings.tables, ...purchases.tables];
}

async function connect(options: SeedOptions, shard: string): Promise<Client> {
  const client = await options.connect(shard);
  client.on('error', () => undefined); // the statement that was running reports it
  return client;
}

async function begin(clients: ReadonlyMap<string, Client>, tables: readonly SeedTable[], scale: number | undefined) {
  for (const client of clients.values()) {
    await client.query('begin');
    await client.query('set local statement_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  }
  const names = tables.map((table) => table.name);
  const state = await readSeedState(clients, names, scale);
  if (state.kind === 'begin')
    for (const client of clients.values()) await client.query(`truncate ${[...names, ...FOLLOWERS].join(', ')}`);
  return state;
}

/** Data that an older version seeded knows products without a review only in products: each gets its empty rating. */
async function listForReviews(clients: ReadonlyMap<string, Client>): Promise<void> {
  for (const client of clients.values()) {
    await client.query(
      `insert into reviews.product_rating (product_id, rating_sum, review_count)
       select id, 0, 0 from products.product
       where not exists (select from reviews.product_rating where product_id = id) on conflict do nothing`,
    );
    await client.query('commit');
  }
}

async function fill(
  clients: ReadonlyMap<string, Client>,
  tables: readonly SeedTable[],
  plan: SeedPlan,
  options: SeedOptions,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  const shards = [...clients.keys()];
  const placeOfBucket = Array.from({ length: BUCKETS }, (_, bucket) =>
    shards.indexOf(options.shardMap.shardOfBucket(bucket)),
  );
  const expected = tables.reduce((sum, table) => sum + table.expected, 0);
  let before = 0;
  for (const table of tables) {
    const watch = (made: number) => {
      options.signal?.throwIfAborted();
      const done = (before + Math.min(made, table.expected)) / expected;
      options.onProgress?.({ table: table.name, rows: made, done });
    };
    rows[table.name] = await fillTable([...clients.values()], table, placeOfBucket, watch);
    before += table.expected;
    watch(0);
  }
  for (const client of clients.values()) await writeMarker(client, { scale: plan.scale, rows });
  for (const client of clients.values()) await client.query('commit');
  // statistics of empty tables would make the planner prefer to read whole ones
  const analyze = `analyze ${tables.map((table) => table.name).join(', ')}`;
  await Promise.all([...clients.values()].map((client) => client.query(analyze)));
  return rows;
}

/** Deals the rows of a table out to all shards at once; waits whenever one of them is behind. */
async function fillTable(
  clients: readonly Client[],
  table: SeedTable,
  placeOfBucket: readonly number[],
  watch: (made: number) => void,
): Promise<number> {
  const copies = clients.map((client) => openShardCopy(client, table));
  let made = 0;
  for (const { bucket, line } of table.rows()) {
    if (++made % 5_000 === 0) watch(made);
    const targets = table.everywhere ? copies : [copies[placeOfBucket[bucket] as number]];
    for (const copy of targets) {
      const behind = copy?.push(line);
      if (behind) await behind;
    }
  }
  await Promise.all(copies.map((copy) => copy.end()));
  return copies.reduce((sum, copy) => sum + copy.rows, 0);
}
