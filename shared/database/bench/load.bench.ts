import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';
import { Pool } from 'pg';
import { rawTypes } from '../src/server/client-settings.ts';
import { idOf, migrate, open, productById, runtimePassword } from '../test/shop.ts';

/**
 * CPU of this process for loading 100 rows of one shard: pg alone with a named statement, a session, and a session that
 * hits its cache. Interleaved, least of the rounds. `node --conditions=weft-source bench/load.bench.ts`
 */
const KEYS = 100;
const ROUNDS = 9;
const RUNS = 200;

const fleet = await testFleet({ name: 'database-bench', shards: 2 });
await migrate(fleet);
const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
const plain = open(fleet, { telemetry, onStatement: () => {} });
const cached = open(fleet, {
  telemetry,
  onStatement: () => {},
  cache: createCache({ name: 'shop', maxBytes: 10_000_000, telemetry }),
});
await cached.database.check();
const ids = Array.from({ length: 5_000 }, (_, n) => idOf(n % 512, n));
await plain.database.query(
  'shard-1',
  `insert into shop.product select id, 'sku', 'A product of some name', 1, 999 from unnest($1::bigint[]) id`,
  [`{${ids.join(',')}}`],
);
const [shard] = fleet.shards;
const pool = new Pool({
  host: shard?.primary.host,
  port: shard?.primary.port,
  database: 'weft',
  user: 'shop_runtime',
  password: runtimePassword,
  types: rawTypes,
});
const sql = 'select id, name, price_minor, created_at, in_stock from shop.product where id = any($1::bigint[])';
let turn = 0;
const keysNow = (): string[] => {
  turn = (turn + KEYS) % (ids.length - KEYS);
  return ids.slice(turn, turn + KEYS);
};

const cases: Record<string, () => Promise<unknown>> = {
  'pg alone, named statement': () => pool.query({ name: 'x', text: sql, values: [`{${keysNow().join(',')}}`] }),
  'session, one batch of 100': () => plain.database.begin().loadMany(productById, keysNow()),
  'session, 100 loads': () => {
    const session = plain.database.begin();
    return Promise.all(keysNow().map((key) => session.load(productById, key)));
  },
  'session, all from its cache': () => cached.database.begin().loadMany(productById, keysNow()),
};
const best: Record<string, number> = {};
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(cases)) {
    if (round === 0) for (let n = 0; n < RUNS; n += 1) await run();
    const before = process.cpuUsage();
    for (let n = 0; n < RUNS; n += 1) await run();
    const { user, system } = process.cpuUsage(before);
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, (user + system) / RUNS);
  }
}
const base = best['pg alone, named statement'] ?? 1;
for (const [name, us] of Object.entries(best)) {
  process.stdout.write(`${name.padEnd(32)} ${us.toFixed(0).padStart(6)} us CPU  ${(us / base).toFixed(2)}x\n`);
}
await Promise.all([plain.database.stop(), cached.database.stop(), pool.end()]);
await fleet.stop();
