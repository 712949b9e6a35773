import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createTelemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';
import DataLoader from 'dataloader';
import { Pool } from 'pg';
import { rawTypes } from '../src/server/client-settings.ts';
import { idOf, migrate, open, productById, runtimePassword } from '../test/shop.ts';

/**
 * A storm of requests, each of one or ten rows of one shard, all equally likely: one DataLoader per request over a pool of pg, against sessions
 * whose reads share statements. Both have six connections. CPU of Postgres is that of the backends of each, by the
 * kernel's count. Rounds are interleaved; the least of them is told.
 * `node --conditions=weft-source bench/storm.bench.ts [--json FILE]`
 */
const ROWS = 5_000;
const ROUNDS = 5;
const CONNECTIONS = 6;
const REQUESTS: Readonly<Record<number, number>> = { 1: 1_000, 16: 4_000, 64: 8_000 };

const fleet = await testFleet({ name: 'database-storm', shards: 2 });
await migrate(fleet);
const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
let statements = 0;
const shop = open(fleet, {
  telemetry,
  maxConnections: CONNECTIONS,
  onStatement: () => {
    statements += 1;
  },
});
await shop.database.check();
const ids = Array.from({ length: ROWS }, (_, n) => idOf(n % 512, n));
await shop.database.query(
  'shard-1',
  `insert into shop.product select id, 'sku', 'A product of some name', 1, 999 from unnest($1::bigint[]) id`,
  [`{${ids.join(',')}}`],
);
const primary = fleet.shards[0]?.primary;
const pool = new Pool({
  host: primary?.host,
  port: primary?.port,
  database: 'weft',
  user: 'shop_runtime',
  password: runtimePassword,
  application_name: 'rival',
  max: CONNECTIONS,
  types: rawTypes,
});
pool.on('error', () => {});
const sql = 'select id, name, price_minor, created_at, in_stock from shop.product where id = any($1::bigint[])';

interface ProductRow {
  readonly id: string;
}
const rival = async (keys: readonly string[]): Promise<unknown> => {
  const loader = new DataLoader<string, ProductRow | null>(async (wanted) => {
    statements += 1;
    const { rows } = await pool.query<ProductRow>({ name: 'x', text: sql, values: [`{${wanted.join(',')}}`] });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return wanted.map((key) => byId.get(key) ?? null);
  });
  return loader.loadMany(keys);
};
const ours = (keys: readonly string[]): Promise<unknown> => shop.database.begin().loadMany(productById, keys);

const CONTENDERS = { 'one DataLoader per request': rival, 'shared statements': ours } as const;
type Contender = keyof typeof CONTENDERS;
const APPLICATIONS: Readonly<Record<Contender, string>> = {
  'one DataLoader per request': 'rival',
  'shared statements': 'weft-shop',
};

/** Nanoseconds on a CPU of the backends of an application, from the kernel's schedstat. */
async function backendNs(application: string): Promise<number> {
  const rows = await shop.database.query<{ pid: number }>(
    'shard-1',
    'select pid from pg_stat_activity where application_name = $1',
    [application],
  );
  const known = new Set(readdirSync('/proc'));
  return rows
    .filter(({ pid }) => known.has(String(pid)))
    .map(({ pid }) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
}

interface Figures {
  readonly postgresUs: number;
  readonly nodeUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly statements: number;
}

let turn = 0;
const keysNow = (count: number): string[] => {
  turn = (turn + 7 * count) % (ids.length - count);
  return ids.slice(turn, turn + count);
};

async function storm(contender: Contender, keys: number, concurrency: number, requests: number): Promise<Figures> {
  const run = CONTENDERS[contender];
  const latencies: number[] = [];
  const cpuBefore = await backendNs(APPLICATIONS[contender]);
  statements = 0;
  const nodeBefore = process.cpuUsage();
  let left = requests;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      await run(keysNow(keys));
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  const { user, system } = process.cpuUsage(nodeBefore);
  const sent = statements;
  const cpuAfter = await backendNs(APPLICATIONS[contender]);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    postgresUs: (cpuAfter - cpuBefore) / 1_000 / requests,
    nodeUs: (user + system) / requests,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    statements: sent / requests,
  };
}

const least = (a: Figures | undefined, b: Figures): Figures =>
  a === undefined
    ? b
    : {
        postgresUs: Math.min(a.postgresUs, b.postgresUs),
        nodeUs: Math.min(a.nodeUs, b.nodeUs),
        p50Ms: Math.min(a.p50Ms, b.p50Ms),
        p99Ms: Math.min(a.p99Ms, b.p99Ms),
        statements: Math.min(a.statements, b.statements),
      };

async function measure(keys: number, concurrency: number, requests: number): Promise<Record<string, Figures>> {
  const best: Partial<Record<Contender, Figures>> = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const contender of Object.keys(CONTENDERS) as Contender[]) {
      const figures = await storm(contender, keys, concurrency, requests);
      // The first round makes connections, plans and code warm.
      if (round > 0) best[contender] = least(best[contender], figures);
    }
  }
  return best as Record<string, Figures>;
}

const results: Record<string, Record<string, Figures>> = {};
for (const keys of [1, 10]) {
  for (const [concurrency, requests] of Object.entries(REQUESTS)) {
    const best = await measure(keys, Number(concurrency), requests);
    const name = `${String(keys).padStart(2)} keys, ${concurrency.padStart(2)} at a time`;
    results[name] = best;
    const base = best['one DataLoader per request']?.postgresUs ?? 1;
    for (const [contender, { postgresUs, nodeUs, p50Ms, p99Ms, statements: sent }] of Object.entries(best)) {
      const cpu = `postgres ${postgresUs.toFixed(0).padStart(3)} us ${(postgresUs / base).toFixed(2)}x  node ${nodeUs.toFixed(0).padStart(3)} us`;
      const waits = `p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`;
      process.stdout.write(
        `${name}  ${contender.padEnd(28)} ${cpu}  ${waits}  ${sent.toFixed(2)} statements a request\n`,
      );
    }
  }
}
const file = process.argv[process.argv.indexOf('--json') + 1];
if (process.argv.includes('--json') && file !== undefined) writeFileSync(file, JSON.stringify(results, null, 2));
await Promise.all([shop.database.stop(), pool.end()]);
await fleet.stop();
