import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  byId,
  createDatabase,
  type Database,
  defineRowLoader,
  migrateSubgraph,
  readShardedTables,
  readShardMap,
} from '@weft/database';
import { bucketOfId, composeId } from '@weft/ids';
import { createTelemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';
import { main } from '../src/main.ts';
import { WEFT } from './run-weft.ts';

interface Tables {
  'shop.item': { id: string; n: string };
}
type Fleet = Awaited<ReturnType<typeof testFleet>>;

const ITEMS = 3_000;
const MAP = `# Of the test.
version: 1
buckets: 1024
shards:
  - { name: shard-1, buckets: 0-511 }
  - { name: shard-2, buckets: 512-1023 }
`;
const itemById = defineRowLoader<Tables>()({
  name: 'itemById',
  route: byId,
  statement: (db, keys) => db.selectFrom('shop.item').select(['id', 'n']).where('id', '=', keys.any()),
  keyOf: (row) => row.id,
});
const ids = Array.from({ length: ITEMS }, (_, n) => composeId({ ms: 1_000 + n, bucket: n % 512, sequence: 0 }));

let fleet: Fleet;
let database: Database<Tables>;
let flags: string[];

/** The command in this process: only what is killed has to be one of its own. */
async function weft(...args: string[]): Promise<{ code: number; out: string; progress: string }> {
  const said = { out: '', progress: '' };
  const code = await main(['shard', ...args], {
    directory: fleet.directory,
    out: (text) => {
      said.out += `${text}\n`;
    },
    progress: (text) => {
      said.progress += `${text}\n`;
    },
  });
  return { code, ...said };
}
const weftHere = (...args: string[]) => weft(...args, ...flags);
const mapNow = () => readShardMap(join(fleet.directory, 'map.yaml'));

const sql = (shard: number, text: string) => database.query(`shard-${shard + 1}`, text);

/** Starts a move and ends it when it says this. */
function endAt(signal: 'SIGKILL' | 'SIGINT', said: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [WEFT, 'shard', ...args, ...flags], { cwd: fleet.directory });
    let progress = '';
    let ended = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      progress += text;
      // The second SIGINT would end it as SIGKILL does.
      if (!ended && progress.includes(said)) ended = child.kill(signal);
    });
    child.on('close', (code) => resolve(`${progress}\nexit code ${code}`));
  });
}

beforeAll(async () => {
  fleet = await testFleet({ name: 'weft-shard', shards: 2 });
  const at = (name: string) => join(fleet.directory, name);
  await writeFile(at('map.yaml'), MAP);
  await writeFile(at('tables.yaml'), 'tables:\n  shop.item: { id: id }\n');
  await writeFile(at('password'), `${fleet.superuser.password}\n`);
  flags = ['--map', 'map.yaml', '--tables', 'tables.yaml', '--fleet', fleet.file, '--password-file', 'password'];
  const passwords = { owner: 'owner-password', runtime: 'runtime-password' };
  const create = 'create table shop.item (id bigint primary key, n bigint not null default 0)';
  await migrateSubgraph({
    ...{ subgraph: 'shop', addresses: fleet.addresses, superuser: fleet.superuser, passwords, shardMap: mapNow() },
    migrations: [{ name: '0001-items', statements: [create] }],
  });
  database = createDatabase<Tables>({
    ...{ subgraph: 'shop', addresses: fleet.addresses, shardMap: mapNow(), loaders: [itemById] },
    ...{ role: 'shop_runtime', password: passwords.runtime },
    telemetry: createTelemetry({ service: 'shop', logLevel: 'silent' }),
  });
  await database.check();
  await sql(0, `insert into shop.item select unnest('{${ids.join(',')}}'::bigint[])`);
});
afterAll(async () => {
  await database?.stop();
  await fleet?.stop();
});

test('list, where and plan say what is', async () => {
  const list = await weftHere('list');
  expect(list.code).toBe(0);
  expect(list.out).toContain('shard-1  512 buckets: 0-511');
  expect(list.out).toContain(`primary 127.0.0.1:${fleet.shards[1]?.primary.port}`);
  const [id = ''] = ids;
  const where = await weftHere('where', `Item:${id}`);
  expect(where.out).toContain(`Item:${id} lies in bucket ${bucketOfId(id)} (an id carries its bucket), on shard-1`);
  expect((await weftHere('where', 'username:ada')).out).toMatch(/username:ada lies in bucket \d+ \(no id: by the hash/);
  const plan = await weftHere('plan');
  expect(plan.out).toContain('shard-1  3000 rows\nshard-2  0 rows');
  expect(plan.out).toMatch(/weft shard move \d+-511 --to shard-2 {3}# 14\d\d rows/);
});

test('what is wrong is told in one sentence', async () => {
  const cases: [string[], string][] = [
    [['where', 'nothing'], 'Allowed: Type:id'],
    [['move', '5-3', '--to', 'shard-2'], 'numbers and ranges within 0 to 1023'],
    [['move', '5', '--to', 'shard-9'], 'weft shard add'],
    [['move', '5'], 'say which buckets and where to'],
    [['fly'], 'Allowed: list, where, plan, add, move'],
    [['add', 'shard-2'], 'the map has shard-2 already'],
  ];
  for (const [args, said] of cases) {
    const { code, progress } = await weftHere(...args);
    expect([args, code]).toEqual([args, 2]);
    expect(progress).toContain(said);
  }
});

test('a dry run says what would be moved, and what is in the way', async () => {
  const dry = await weftHere('move', '0-255', '--to', 'shard-2', '--dry-run');
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('0-255: 1536 rows')]);
  await writeFile(join(fleet.directory, 'none.yaml'), 'tables: {}\n');
  const { code, progress } = await weft('move', '0-255', '--to', 'shard-2', ...flags, '--tables', 'none.yaml');
  expect([code, progress]).toEqual([1, expect.stringContaining('shop.item: the file of sharded tables does not say')]);
  expect(mapNow().version).toBe(1);
});

test('a mover that is killed at any step is undone or ended, and no write is lost or done twice', async () => {
  let running = true;
  let written = 0;
  const writer = async (): Promise<void> => {
    while (running) {
      const id = ids[Math.floor(Math.random() * ITEMS)] ?? '';
      const rows = await database.begin().write({
        at: { id },
        name: 'count',
        statement: (db) =>
          db
            .updateTable('shop.item')
            .set((eb) => ({ n: eb('n', '+', '1') }))
            .where('id', '=', id)
            .returning('n'),
      });
      written += rows.length;
    }
  };
  const writing = Promise.all([writer(), writer()]);
  const outcomes: string[] = [];
  try {
    const steps = ['preparing both', 'copied; catching up', 'cutting over', 'cut over:', 'removing from'];
    for (const [index, step] of steps.entries()) {
      const buckets = `${index * 40}-${index * 40 + 39}`;
      expect(await endAt('SIGKILL', step, 'move', buckets, '--to', 'shard-2')).toContain(step);
      const again = await weftHere('move', '--resume');
      expect([step, again.code, again.progress]).toEqual([step, 0, expect.any(String)]);
      outcomes.push(/is undone|is ended|No move/.exec(again.out)?.[0] ?? again.out);
      expect((await weftHere('move', '--resume')).out).toContain('No move was left');
    }
    const stopped = await endAt('SIGINT', 'preparing both', 'move', '400-410', '--to', 'shard-2');
    expect(stopped).toMatch(/undoing what was done[\s\S]*The move was stopped[\s\S]*exit code 1/);
    const last = await weftHere('move', '300-399', '--to', 'shard-2');
    expect([last.code, last.out]).toEqual([0, expect.stringContaining('Buckets 300-399 lie on shard-2 now')]);
  } finally {
    running = false;
    await writing;
  }
  expect(outcomes[0]).toBe('is undone');
  expect(outcomes[1]).toBe('is undone');
  expect(outcomes[4]).toBe('is ended');
  const map = mapNow();
  const sums = await Promise.all([0, 1].map((shard) => sql(shard, 'select id::text, n::int4 from shop.item')));
  const total = sums.flat().reduce((sum, { n }) => sum + Number(n), 0);
  expect([sums.flat().length, total]).toEqual([ITEMS, written]);
  for (const [index, rows] of sums.entries()) {
    const strangers = rows.filter(({ id }) => map.shardOfBucket(bucketOfId(String(id))) !== `shard-${index + 1}`);
    expect(strangers).toEqual([]);
  }
  expect(database.shardOf({ bucket: 300 })).toBe('shard-2');
}, 120_000);

test('a shard is added without buckets', async () => {
  const before = mapNow();
  expect((await weftHere('add', 'shard-3')).code).toBe(0);
  expect([mapNow().version, mapNow().shards]).toEqual([before.version + 1, ['shard-1', 'shard-2', 'shard-3']]);
  expect(readFileSync(join(fleet.directory, 'map.yaml'), 'utf8')).toContain('# Of the test.');
});

test('without --map the map is that of the data folder, and no other folder changes with it', async () => {
  const file = (folder: string) => join(fleet.directory, folder, 'shard-map.yaml');
  for (const folder of ['one', 'other', 'infra/shards']) {
    await mkdir(join(fleet.directory, folder), { recursive: true });
    await writeFile(file(folder), MAP);
  }
  expect((await weft('add', 'shard-3', '--data', 'one')).code).toBe(0);
  expect(readShardMap(file('one')).shards).toEqual(['shard-1', 'shard-2', 'shard-3']);
  for (const folder of ['other', 'infra/shards']) expect(readFileSync(file(folder), 'utf8')).toBe(MAP);
  // Another fleet, or a folder that no graph was started in, has none of its own.
  expect((await weft('add', 'shard-4', '--data', 'none')).out).toContain(file('infra/shards'));
});

test('every table of the subgraphs is in the file of sharded tables', async () => {
  const root = join(import.meta.dirname, '../../..');
  const { tables, reference } = readShardedTables(join(root, 'infra/shards/tables.yaml'));
  const told = [...tables.map(({ table }) => table), ...reference].sort();
  const made: string[] = [];
  for (const name of ['accounts', 'inventory', 'orders', 'products', 'reviews']) {
    const module = (await import(join(root, `subgraphs/${name}/src/index.ts`))) as {
      readonly subgraph: { readonly migrations: readonly { readonly statements: readonly string[] }[] };
    };
    const text = module.subgraph.migrations.flatMap(({ statements }) => statements).join('\n');
    made.push(...[...text.matchAll(/create table (\w+\.\w+)/g)].flatMap(([, table]) => table ?? []));
  }
  expect(made.filter((table) => !table.includes('_jobs.')).sort()).toEqual(told);
});
