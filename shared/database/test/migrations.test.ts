import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testFleet } from '@weft/testing';
import { type Migration, parseShardMap } from '../src/index.ts';
import { type Fleet, migrate, migrations, open, runtimePassword, shardMap, sqlOn } from './shop.ts';

let fleet: Fleet;
const runtime = { user: 'shop_runtime', password: runtimePassword };

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-migrations', shards: 2 });
});
afterAll(() => fleet?.stop());

const first = (): Fleet['servers'][number] => {
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  return shard.primary;
};

async function check(overrides: Parameters<typeof open>[1] = {}): Promise<unknown> {
  const { database } = open(fleet, { loaders: [], statementTimeoutMs: 20_000, ...overrides });
  try {
    return await database.check().then(
      () => 'well',
      (error: unknown) => error,
    );
  } finally {
    await database.stop();
  }
}

test('a shard that nobody migrated is refused by its name', async () => {
  expect(await check()).toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/shard-1 is not migrated for shop .*\nshard-2 is not migrated/),
  });
});

test('many processes may migrate at once: each shard is migrated once', async () => {
  const applied: string[] = [];
  const onProgress = (step: { shard: string; applied: readonly string[] }) =>
    void applied.push(...step.applied.map((name) => `${step.shard} ${name}`));
  const stall: Migration = { name: '0001-stall', statements: ['create table stall.secret (id bigint primary key)'] };
  await Promise.all([
    migrate(fleet, { onProgress }),
    migrate(fleet, { onProgress }),
    migrate(fleet, { subgraph: 'stall', migrations: [stall] }),
  ]);
  expect(applied.sort()).toEqual(['shard-1 0001-shop', 'shard-2 0001-shop']);
  expect(await check()).toBe('well');
});

test('an outbox of a version that kept no traces gets their column', async () => {
  const columns =
    "select column_name from information_schema.columns where table_schema = 'shop' and table_name = 'outbox' and column_name = 'traceparent'";
  await sqlOn(fleet, first(), 'alter table shop.outbox drop column traceparent');
  await migrate(fleet);
  expect(await sqlOn(fleet, first(), columns)).toHaveLength(1);
});

test('a runtime role reads and writes rows of its own subgraph and can do nothing else', async () => {
  const denied = expect.objectContaining({ code: '42501' });
  const as = (sql: string) => sqlOn(fleet, first(), sql, runtime);
  await as(`insert into shop.sku_lookup values ('a', 1)`);
  await as(`insert into shop.outbox (topic, payload) values ('t', '{}')`);
  await as('select * from shop.migration');
  for (const sql of [
    'select * from stall.secret',
    'insert into stall.outbox (topic, payload) values (1, 1)',
    'select * from stall.migration',
    `insert into shop.migration values ('9999-x', 'x')`,
    'create table shop.mine (id int)',
    'drop table shop.product',
    'alter table shop.product add column x int',
    'truncate shop.product',
    'create table public.mine (id int)',
    'create schema mine',
    'create temporary table mine (id int)',
    'update weft.shard_map set version = 9',
    'select * from pg_authid',
    'set role shop_owner',
    `copy shop.product to '/tmp/stolen'`,
  ]) {
    await expect(as(sql).then(() => `was allowed: ${sql}`)).rejects.toEqual(denied);
  }
});

test('a shard that is behind is refused by shard and migration, until it is migrated', async () => {
  const more: Migration[] = [
    ...migrations,
    { name: '0002-colour', statements: ['alter table shop.product add column colour text'] },
  ];
  await sqlOn(fleet, first(), 'select 1');
  expect(await check({ migrations: more })).toMatchObject({
    name: 'UserError',
    message:
      'shard-1 is behind: shop needs 0002-colour there. Migrate it first.\nshard-2 is behind: shop needs 0002-colour there. Migrate it first.',
  });
  await migrate(fleet, { migrations: more });
  expect(await check({ migrations: more })).toBe('well');
  // Code that does not know it yet goes on: it is replaced a process at a time.
  expect(await check()).toBe('well');
  await migrate(fleet);
});

test('an applied migration that was edited, or one put before it, is refused', async () => {
  const edited = migrations.map((migration) => ({ ...migration, statements: [...migration.statements, 'select 1'] }));
  const said = 'migration 0001-shop was changed after it was applied';
  await expect(migrate(fleet, { migrations: edited })).rejects.toThrow(said);
  expect(await check({ migrations: edited })).toMatchObject({ message: expect.stringContaining(said) });
  const before = [{ name: '0000-early', statements: ['create table shop.early (id int)'] }, ...migrations];
  await expect(migrate(fleet, { migrations: before })).rejects.toThrow('0000-early stands before 0001-shop');
});

test('a migration that fails is told with its statement and leaves nothing behind', async () => {
  const wrong = [
    ...migrations,
    { name: '0002-colour', statements: ['alter table shop.product add column colour text'] },
    { name: '0003-wrong', statements: ['create table shop.half (id int)', 'create table shop.half (id int)'] },
  ];
  await expect(migrate(fleet, { migrations: wrong })).rejects.toThrow(
    /migration 0003-wrong failed on shard-\d and was undone: relation "half" already exists/,
  );
  expect(await sqlOn(fleet, first(), `select to_regclass('shop.half') as found`)).toEqual([{ found: null }]);
});

test('a process with a shard map older than the data takes the newer one, and refuses to start where it is not told', async () => {
  const newer = parseShardMap(
    'version: 4\nbuckets: 1024\nshards:\n  - { name: shard-1, buckets: 0-511 }\n  - { name: shard-2, buckets: 512-1023 }',
  );
  await migrate(fleet, { shardMap: newer });
  expect(await check()).toBe('well');
  // As a version that recorded the number alone left it.
  for (const { primary } of fleet.shards) await sqlOn(fleet, primary, 'update weft.shard_map set map = null');
  expect(await check()).toMatchObject({
    message: expect.stringContaining(
      'the data of shard-1 was routed by shard map version 4, this process has version 3',
    ),
  });
  expect(await check({ shardMap: newer })).toBe('well');
  await expect(migrate(fleet)).rejects.toThrow('shard map version 4');
  for (const { primary } of fleet.shards) await sqlOn(fleet, primary, 'update weft.shard_map set version = 3');
});

test('a map by which buckets lie elsewhere than their rows is refused; one that gives them to nobody else is not', async () => {
  const map = (version: number, shards: string) =>
    parseShardMap(`version: ${version}\nbuckets: 1024\nshards:\n${shards}`);
  const halves = '  - { name: shard-1, buckets: 0-511 }\n  - { name: shard-2, buckets: 512-1023 }\n';
  const moved =
    '  - { name: shard-1, buckets: "0-99, 200-511" }\n  - { name: shard-2, buckets: "100-199, 512-1023" }\n';
  // The number alone is recorded: a newer map cannot be compared with it.
  await expect(migrate(fleet, { shardMap: map(11, halves) })).rejects.toThrow(
    'of which it does not say where buckets lie',
  );
  await migrate(fleet, { shardMap: map(3, halves) });
  for (const version of [3, 11]) {
    await expect(migrate(fleet, { shardMap: map(version, moved) })).rejects.toThrow(
      `shard map version ${version} gives the buckets 100-199 to other shards than have their rows, by version 3 on shard-`,
    );
  }
  const next = map(5, halves);
  await migrate(fleet, { shardMap: next });
  expect(await sqlOn(fleet, first(), 'select version, map from weft.shard_map')).toEqual([
    { version: 5, map: next.text },
  ]);
  for (const { primary } of fleet.shards)
    await sqlOn(fleet, primary, `update weft.shard_map set version = 3, map = '${shardMap.text}'`);
});

test('two shards that were mixed up in the fleet file are told apart', async () => {
  const [one, two] = fleet.addresses.shards;
  if (one === undefined || two === undefined) throw new Error('no shards');
  const addresses = {
    shards: [
      { ...one, primary: two.primary },
      { ...two, primary: one.primary },
    ],
  };
  const said = 'the fleet file says that this server is shard-1, but its data is of shard-2';
  expect(await check({ addresses })).toMatchObject({ message: expect.stringContaining(said) });
  await expect(migrate(fleet, { addresses })).rejects.toThrow('but its data is of');
});

test('some shards down is another thing than none up', async () => {
  const [one, two] = fleet.addresses.shards;
  if (one === undefined || two === undefined) throw new Error('no shards');
  const nowhere = 'postgres://127.0.0.1:1/weft';
  const some = await check({ addresses: { shards: [{ ...one, primary: nowhere }, two] } });
  expect(some).toMatchObject({
    name: 'UserError',
    code: 'SHARD_UNAVAILABLE',
    message: expect.stringContaining('shard-1 cannot be checked'),
  });
  const none = await check({
    addresses: {
      shards: [
        { ...one, primary: nowhere },
        { ...two, primary: nowhere },
      ],
    },
  });
  expect(none).toMatchObject({ name: 'UserError', code: undefined });
  expect(shardMap.shards).toHaveLength(2);
});

test('passwords reach Postgres only as SCRAM verifiers, and an unchanged role is not written again', async () => {
  const roles = `select rolname, rolpassword, xmin::text from pg_authid where rolname like 'shop_%' order by 1`;
  const before = await sqlOn(fleet, first(), roles);
  expect(before).toMatchObject([{ rolname: 'shop_owner' }, { rolname: 'shop_runtime' }]);
  expect(String(before[0]?.rolpassword)).toMatch(/^SCRAM-SHA-256\$4096:/);
  await migrate(fleet);
  expect(await sqlOn(fleet, first(), roles)).toEqual(before);
  await migrate(fleet, { passwords: { owner: 'another-password', runtime: runtimePassword } });
  const [row] = await sqlOn(fleet, first(), 'select current_user::text as me', {
    user: 'shop_owner',
    password: 'another-password',
  });
  expect(row).toEqual({ me: 'shop_owner' });
});
