import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database, migrateSubgraph, readShardMap } from '@weft/database';
import { bucketOfId, composeId } from '@weft/ids';
import { createTelemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';

interface Tables {
  'shop.item': { id: string; n: string; pad: string };
}

export interface MoveDrillResult {
  readonly runs: number;
  readonly writes: number;
  readonly reads: number;
  /** Acknowledged and not there. */
  readonly lost: number;
  /** There and not acknowledged. */
  readonly doubled: number;
  /** Of each run: how long the moved buckets took no write. */
  readonly pausesMs: readonly number[];
  readonly slowestWriteMs: number;
  readonly problems: readonly string[];
}

const ITEMS = 20_000;
const WEFT = fileURLToPath(new URL('../../../weft/bin/weft.mjs', import.meta.url));
const MAP = `version: 1
buckets: 1024
shards:
  - { name: shard-1, buckets: 0-511 }
  - { name: shard-2, buckets: 512-1023 }
`;
const CREATE = `create table shop.item (id bigint primary key, n bigint not null default 0, pad text not null default repeat('x', 200))`;
const ids = Array.from({ length: ITEMS }, (_, n) => composeId({ ms: 1_000 + n, bucket: n % 1_024, sequence: 0 }));

export async function runMoveDrill(options: {
  readonly runs: number;
  readonly writers: number;
  readonly tell: (line: string) => void;
}): Promise<MoveDrillResult> {
  const fleet = await testFleet({ name: 'move-drill', shards: 2, replicas: 1 });
  const mapFile = join(fleet.directory, 'map.yaml');
  try {
    await writeFile(mapFile, MAP);
    await writeFile(join(fleet.directory, 'tables.yaml'), 'tables:\n  shop.item: { id: id }\n');
    await writeFile(join(fleet.directory, 'password'), fleet.superuser.password);
    const passwords = { owner: 'owner-password', runtime: 'runtime-password' };
    await migrateSubgraph({
      ...{ subgraph: 'shop', addresses: fleet.addresses, superuser: fleet.superuser, passwords },
      shardMap: readShardMap(mapFile),
      migrations: [{ name: '0001-items', statements: [CREATE] }],
    });
    const database = createDatabase<Tables>({
      ...{ subgraph: 'shop', addresses: fleet.addresses, role: 'shop_runtime', password: passwords.runtime },
      shardMap: readShardMap(mapFile),
      telemetry: createTelemetry({ service: 'move-drill', logLevel: 'silent' }),
    });
    try {
      await database.check();
      return await drill(database, { ...options, directory: fleet.directory, mapFile, fleetFile: fleet.file });
    } finally {
      await database.stop();
    }
  } finally {
    await fleet.stop();
  }
}

interface Drill {
  readonly runs: number;
  readonly writers: number;
  readonly tell: (line: string) => void;
  readonly directory: string;
  readonly mapFile: string;
  readonly fleetFile: string;
}

async function drill(database: Database<Tables>, options: Drill): Promise<MoveDrillResult> {
  for (const shard of database.shards) {
    const own = ids.filter((id) => database.shardOf({ id }) === shard);
    await database.query(shard, 'insert into shop.item (id) select unnest($1::bigint[])', [`{${own.join(',')}}`]);
  }
  const load = startLoad(database, options.writers);
  const pausesMs: number[] = [];
  const problems: string[] = [];
  try {
    for (let run = 0; run < options.runs; run += 1) {
      const to = run % 2 === 0 ? 'shard-2' : 'shard-1';
      const { code, text } = await move(['move', '0-255', '--to', to], options);
      const [, pause] = /no writes for (\d+) ms/.exec(text) ?? [];
      if (code !== 0 || pause === undefined) problems.push(`run ${run + 1}: ${text}`);
      else pausesMs.push(Number(pause));
      options.tell(`run ${run + 1}: to ${to}, ${pause ?? 'failed'} ms without writes, ${load.writes} writes so far`);
    }
  } finally {
    await load.stop();
  }
  const map = readShardMap(options.mapFile);
  let [lost, doubled] = [0, 0];
  for (const shard of database.shards) {
    const rows = await database.query<{ id: string; n: string }>(shard, 'select id, n from shop.item');
    for (const { id, n } of rows) {
      if (map.shardOfBucket(bucketOfId(id)) !== shard) problems.push(`${id} lies on ${shard}`);
      const difference = Number(n) - (load.acknowledged.get(id) ?? 0);
      lost += Math.max(-difference, 0);
      doubled += Math.max(difference, 0);
    }
  }
  const { writes, reads, slowestWriteMs } = load;
  const told = [...load.problems, ...problems].slice(0, 20);
  return { runs: options.runs, writes, reads, lost, doubled, pausesMs, slowestWriteMs, problems: told };
}

function startLoad(database: Database<Tables>, writers: number) {
  const acknowledged = new Map<string, number>();
  const problems: string[] = [];
  let running = true;
  const load = { acknowledged, problems, writes: 0, reads: 0, slowestWriteMs: 0, stop: async () => {} };
  const pick = (): string => ids[Math.floor(Math.random() * ITEMS)] ?? '';
  const write = async (): Promise<void> => {
    while (running) {
      const id = pick();
      const startedAt = performance.now();
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
      load.slowestWriteMs = Math.max(load.slowestWriteMs, Math.round(performance.now() - startedAt));
      if (rows.length !== 1) problems.push(`${id}: ${rows.length} rows were written`);
      acknowledged.set(id, (acknowledged.get(id) ?? 0) + 1);
      load.writes += 1;
    }
  };
  const read = async (): Promise<void> => {
    while (running) {
      const id = pick();
      const rows = await database.begin().read({
        at: { id },
        name: 'item',
        statement: (db) => db.selectFrom('shop.item').select('n').where('id', '=', id),
      });
      if (rows.length !== 1) problems.push(`${id}: ${rows.length} rows were read`);
      load.reads += 1;
    }
  };
  const guard = (work: Promise<void>) => work.catch((error: unknown) => void problems.push(String(error)));
  const all = [...Array.from({ length: writers }, write), read()].map(guard);
  load.stop = async () => {
    running = false;
    await Promise.all(all);
  };
  return load;
}

/** The command, as an operator runs it. */
function move(
  args: readonly string[],
  { directory, fleetFile }: Drill,
): Promise<{ code: number | null; text: string }> {
  const files = ['--map', 'map.yaml', '--tables', 'tables.yaml', '--fleet', fleetFile, '--password-file', 'password'];
  const child = spawn(process.execPath, [WEFT, 'shard', ...args, ...files], { cwd: directory });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}
