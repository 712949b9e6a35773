import { fileURLToPath } from 'node:url';
import { createDatabase, type Database, migrateSubgraph, readShardMap } from '@weft/database';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';
import {
  createQueueWorker,
  jobsMigration,
  jobsSchemaOf,
  type QueueWorker,
  type QueueWorkerOptions,
} from '../src/index.ts';

/** How often something happened: an effect that is seen when it happens twice. */
export interface CountingTables {
  'counting.effect': { name: string; times: number };
}

type Work = Pick<QueueWorkerOptions<CountingTables>, 'relay' | 'jobs' | 'oldRows' | 'timing'>;

export interface Counting {
  readonly fleet: Awaited<ReturnType<typeof testFleet>>;
  readonly database: Database<CountingTables>;
  readonly telemetry: Telemetry;
  /** A worker with connections of its own, like another process. Stopped at the end when it still runs. */
  startWorker(work: Work): QueueWorker;
  emit(shard: string, topic: string, payload: object): Promise<void>;
  /** How often the effect happened, over all shards. */
  times(name: string): Promise<number>;
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Adds one to an effect. */
export const COUNT = `insert into counting.effect values ($1, 1)
  on conflict (name) do update set times = effect.times + 1`;

const SHARD_MAP_FILE = fileURLToPath(new URL('../../../infra/shards/shard-map.yaml', import.meta.url));
const PASSWORD = 'of the tests';

/** Three shards with a subgraph that has nothing but effects to count, and the queues of `jobs`. */
export async function startCounting(jobs: readonly string[]): Promise<Counting> {
  const fleet = await testFleet({ name: 'queue', shards: 3 });
  const shardMap = readShardMap(SHARD_MAP_FILE);
  const telemetry = createTelemetry({ service: 'counting', logLevel: 'silent' });
  const at = { subgraph: 'counting', addresses: fleet.addresses, shardMap };
  const migrations = [
    {
      name: '0001-effects',
      statements: [
        'create table counting.effect (name text primary key, times integer not null)',
        'create table counting.claim (key integer primary key, at timestamptz not null)',
        'create index claim_at on counting.claim (at)',
      ],
    },
    jobsMigration({ subgraph: 'counting', name: '0002-jobs', jobs }),
  ];
  await migrateSubgraph({
    ...{ ...at, migrations, superuser: fleet.superuser, schemas: [jobsSchemaOf('counting')] },
    passwords: { owner: PASSWORD, runtime: PASSWORD },
  });
  const connect = { role: 'counting_runtime', password: PASSWORD, telemetry };
  const open = () => createDatabase<CountingTables>({ ...at, ...connect, migrations });
  const database = open();
  const running = new Set<QueueWorker>();

  const query = async <Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> => {
    const rows = await Promise.all(database.shards.map((shard) => database.query<Row>(shard, sql, parameters)));
    return rows.flat();
  };
  return {
    ...{ fleet, database, telemetry, query },
    startWorker(work) {
      const own = open();
      const timing = { pollMs: 500, superviseMs: 1_000, stopMs: 1_000, ...work.timing };
      const worker = createQueueWorker({ database: own, addresses: fleet.addresses, ...connect, ...work, timing });
      const stop = async (): Promise<void> => {
        if (!running.delete(stoppable)) return;
        await worker.stop();
        await own.stop();
      };
      const stoppable = { ...worker, stop };
      running.add(stoppable);
      return stoppable;
    },
    async emit(shard, topic, payload) {
      await database.query(shard, 'insert into counting.outbox (topic, payload) values ($1, $2)', [topic, payload]);
      await database.query(shard, "select pg_notify('weft_counting', '')");
    },
    async times(name) {
      const rows = await query<{ times: number }>('select times from counting.effect where name = $1', [name]);
      return rows.reduce((sum, { times }) => sum + times, 0);
    },
    async stop() {
      await Promise.all([...running].map((worker) => worker.stop()));
      await database.stop();
      await telemetry.stop();
      await fleet.stop();
    },
  };
}
