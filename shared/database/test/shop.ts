import { composeId } from '@weft/ids';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import type { testFleet } from '@weft/testing';
import { Client } from 'pg';
import {
  byId,
  byText,
  createDatabase,
  type Database,
  type DatabaseOptions,
  defineListLoader,
  defineReference,
  defineRowLoader,
  defineScatter,
  defineTopLoader,
  type Migration,
  migrateSubgraph,
  parseShardMap,
  type StatementRecord,
} from '../src/index.ts';

export type Fleet = Awaited<ReturnType<typeof testFleet>>;

/** A small subgraph over two shards, as an owner would write it. */
export interface ShopTables {
  'shop.product': {
    id: string;
    sku: string;
    name: string;
    category_id: string;
    price_minor: string;
    created_at: string;
    in_stock: boolean;
  };
  'shop.review': { id: string; product_id: string; rating: number; body: string };
  'shop.photo': { product_id: string; position: number; url: string };
  'shop.sku_lookup': { sku: string; product_id: string };
  'shop.category': { id: string; name: string };
}

export const migrations: readonly Migration[] = [
  {
    name: '0001-shop',
    statements: [
      `create table shop.product (
         id bigint primary key,
         sku text not null,
         name text not null,
         category_id bigint not null,
         price_minor bigint not null check (price_minor >= 0),
         created_at timestamptz not null default now(),
         in_stock boolean not null default true
       )`,
      'create index product_category_price on shop.product (category_id, price_minor, id)',
      'create table shop.review (id bigint primary key, product_id bigint not null, rating int2 not null, body text not null)',
      'create index review_product on shop.review (product_id, id desc)',
      'create table shop.photo (product_id bigint, position int2, url text not null, primary key (product_id, position))',
      'create table shop.sku_lookup (sku text primary key, product_id bigint not null)',
      'create table shop.category (id bigint primary key, name text not null)',
    ],
  },
];

export const productById = defineRowLoader<ShopTables>()({
  name: 'productById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('shop.product')
      .select(['id', 'name', 'price_minor', 'created_at', 'in_stock'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Product', ttlMs: 60_000 },
});

export const productIdBySku = defineRowLoader<ShopTables>()({
  name: 'productIdBySku',
  route: byText,
  statement: (db, keys) => db.selectFrom('shop.sku_lookup').select(['sku', 'product_id']).where('sku', '=', keys.any()),
  keyOf: (row) => row.sku,
});

export const photosByProduct = defineListLoader<ShopTables>()({
  name: 'photosByProduct',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('shop.photo')
      .select(['product_id', 'position', 'url'])
      .where('product_id', '=', keys.any())
      .orderBy('product_id')
      .orderBy('position'),
  parentOf: (row) => row.product_id,
  max: 3,
});

export const newestReviewsByProduct = defineTopLoader<ShopTables>()({
  name: 'newestReviewsByProduct',
  route: byId,
  orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
  max: 50,
  tag: 'Product',
  statement: (db, parent) =>
    db.selectFrom('shop.review').select(['id', 'product_id', 'rating', 'body']).where('product_id', '=', parent.key()),
});

export const productsByPrice = defineScatter<ShopTables, { categoryId: string; minPrice?: string | null }>()({
  name: 'productsByPrice',
  orderBy: [
    { column: 'price_minor', type: 'bigint', direction: 'asc' },
    { column: 'id', type: 'bigint', direction: 'asc' },
  ],
  max: 50,
  examples: [{ categoryId: '1' }, { categoryId: '1', minPrice: '100' }],
  statement: (db, args) => {
    const all = db
      .selectFrom('shop.product')
      .select(['id', 'name', 'price_minor'])
      .where('category_id', '=', args.categoryId);
    return args.minPrice === undefined ? all : all.where('price_minor', '>=', args.minPrice);
  },
});

export const categories = defineReference<ShopTables>()({
  name: 'categories',
  statement: (db) => db.selectFrom('shop.category').select(['id', 'name']).orderBy('id'),
  ttlMs: 60_000,
});

export const loaders = [
  productById,
  productIdBySku,
  photosByProduct,
  newestReviewsByProduct,
  productsByPrice,
  categories,
];

export const shardMap = parseShardMap(`
version: 3
buckets: 1024
shards:
  - { name: shard-1, buckets: 0-511 }
  - { name: shard-2, buckets: 512-1023 }
`);

const PASSWORDS = { owner: 'owner-password', runtime: 'runtime-password' };

/** An id of a bucket; on shard-1 below 512. */
export const idOf = (bucket: number, n: number): string => composeId({ ms: 1_000_000 + n, bucket, sequence: 0 });

export const migrate = (fleet: Fleet, overrides: Partial<Parameters<typeof migrateSubgraph>[0]> = {}): Promise<void> =>
  migrateSubgraph({
    subgraph: 'shop',
    migrations,
    addresses: fleet.addresses,
    superuser: fleet.superuser,
    passwords: PASSWORDS,
    shardMap,
    ...overrides,
  });

export interface Opened {
  readonly database: Database<ShopTables>;
  /** What ran since the last look. */
  statements(): StatementRecord[];
  readonly telemetry: Telemetry;
}

export function open(fleet: Fleet, overrides: Partial<DatabaseOptions> = {}): Opened {
  const recorded: StatementRecord[] = [];
  const telemetry = overrides.telemetry ?? createTelemetry({ service: 'shop', logLevel: 'silent' });
  const database = createDatabase<ShopTables>({
    subgraph: 'shop',
    addresses: fleet.addresses,
    shardMap,
    role: 'shop_runtime',
    password: PASSWORDS.runtime,
    telemetry,
    migrations,
    loaders,
    onStatement(statement) {
      // Asked by the process itself once its listening connection stands, whenever that is.
      if (statement.loader !== 'map') recorded.push(statement);
    },
    ...overrides,
  });
  return { database, telemetry, statements: () => recorded.splice(0) };
}

/** Runs SQL as superuser (or another role) on one server. */
export async function sqlOn(
  fleet: Fleet,
  server: { readonly host: string; readonly port: number },
  sql: string,
  as: { readonly user: string; readonly password: string } = fleet.superuser,
): Promise<Record<string, unknown>[]> {
  const client = new Client({ host: server.host, port: server.port, database: 'weft', ...as });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}

export const runtimePassword = PASSWORDS.runtime;
