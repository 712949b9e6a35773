import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { waitFor } from '@weft/testing';
import { defineJob, type OutboxEvent, type QueueWorker, type RelayHandlers } from '../src/index.ts';
import { COUNT, type Counting, type CountingTables, startCounting } from './counting-subgraph.ts';

const JOBS = ['sent', 'twice', 'hopeless', 'unlucky', 'slow'];

let counting: Counting;
let workers: QueueWorker[] = [];

beforeAll(async () => {
  counting = await startCounting(JOBS);
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  // A shard that a test let down is left alone for a moment.
  await waitFor(() => counting.query('delete from counting.outbox').then(() => true), { what: 'every shard' });
});
afterAll(() => counting?.stop());

function work(parts: Parameters<Counting['startWorker']>[0]): QueueWorker {
  const worker = counting.startWorker(parts);
  workers.push(worker);
  return worker;
}

/** Counts the event under its name, in the transaction that takes it out of the outbox. */
const count: RelayHandlers<CountingTables> = {
  async counted(events, { transaction }) {
    for (const { payload } of events) await transaction.query(COUNT, [(payload as { name: string }).name]);
  },
};

const emptied = () =>
  waitFor(async () => (await counting.query('select 1 from counting.outbox')).length === 0, {
    what: 'an empty outbox',
  });

test('two workers share the events of all shards, and each event has its effect once', async () => {
  for (const shard of counting.database.shards) {
    await counting.database.query(
      shard,
      `insert into counting.outbox (topic, payload) select 'counted', jsonb_build_object('name', $1 || n) from generate_series(1, 300) n`,
      [shard],
    );
  }
  work({ relay: count });
  work({ relay: count });
  await emptied();

  const effects = await counting.query<{ times: number }>(
    "select times from counting.effect where name like 'shard-%'",
  );
  expect(effects).toHaveLength(900);
  expect(effects.every(({ times }) => times === 1)).toBe(true);
});

test('an event that fails stays and is tried again; the others of its batch get through', async () => {
  let broken = true;
  const relay: RelayHandlers<CountingTables> = {
    async counted(events, tools) {
      await count.counted?.(events, tools);
      if (broken && events.some(({ payload }) => (payload as { name: string }).name === 'bad'))
        throw new Error('broken');
    },
  };
  const [shard = ''] = counting.database.shards;
  for (const name of ['good', 'bad', 'better']) await counting.emit(shard, 'counted', { name });
  work({ relay });
  await waitFor(async () => (await counting.times('better')) > 0, { what: 'the events behind the bad one' });
  const [left] = await waitFor(
    async () => {
      const rows = await counting.query<{ attempts: number }>('select attempts from counting.outbox');
      return rows[0]?.attempts ? rows : undefined;
    },
    { what: 'a failed try' },
  );

  expect(left?.attempts).toBeGreaterThanOrEqual(1);
  expect([await counting.times('good'), await counting.times('bad'), await counting.times('better')]).toEqual([
    1, 0, 1,
  ]);

  broken = false;
  await emptied();
  expect(await counting.times('bad')).toBe(1);
});

test('an effect on another shard happens before the event leaves, at least once', async () => {
  const [first = '', second = ''] = counting.database.shards;
  let failures = 1;
  const relay: RelayHandlers<CountingTables> = {
    moved: (events, { onShardOf }) =>
      // Bucket 400 lies on the second shard.
      onShardOf(
        events,
        () => 400,
        async (transaction) => {
          await transaction.query("insert into counting.effect values ('moved', 1) on conflict do nothing");
          expect(transaction.shard).toBe(second);
          if (failures-- > 0) throw new Error('fails once');
        },
      ),
  };
  await counting.emit(first, 'moved', {});
  work({ relay });
  await emptied();

  expect(await counting.database.query(second, "select times from counting.effect where name = 'moved'")).toEqual([
    { times: 1 },
  ]);
});

test('an effect on the shard of the event is in its transaction, so it happens once', async () => {
  const [first = ''] = counting.database.shards;
  let failures = 2;
  const relay: RelayHandlers<CountingTables> = {
    async stayed(events, { onShardOf }) {
      // Bucket 0 lies on the first shard.
      await onShardOf(
        events,
        () => 0,
        async (transaction) => {
          await transaction.query(COUNT, ['stayed']);
        },
      );
      if (failures-- > 0) throw new Error('fails in the batch and alone');
    },
  };
  await counting.emit(first, 'stayed', {});
  work({ relay });
  await emptied();

  expect(await counting.times('stayed')).toBe(1);
});

test('an event that nobody handles stays', async () => {
  const [shard = ''] = counting.database.shards;
  await counting.emit(shard, 'unheard', {});
  work({ relay: count });
  await waitFor(async () => (await counting.query('select 1 from counting.outbox where attempts > 0')).length === 1, {
    what: 'a try at the unheard event',
  });
});

const named = (data: unknown): { name: string } => data as { name: string };
const dataOf = ({ payload }: OutboxEvent) => named(payload);

test('the effect of a step happens once though the job fails after it', async () => {
  const twice = defineJob<CountingTables>()({
    name: 'twice',
    settings: { retryDelaySeconds: 1 },
    parse: named,
    async run({ name }, { once, attempt }) {
      await once(`${name}:step`, async (transaction) => {
        await transaction.query(COUNT, [`${name}:step`]);
      });
      if (attempt === 1) throw new Error('dies after the step');
      await once(`${name}:end`, async (transaction) => {
        await transaction.query(COUNT, [`${name}:end`]);
      });
    },
  });
  const [shard = ''] = counting.database.shards;
  await counting.emit(shard, 'start', { name: 'job' });
  work({
    relay: {
      start: (events, { send }) => send(twice, events, dataOf),
    },
    jobs: [twice],
  });
  await waitFor(async () => (await counting.times('job:end')) > 0, { what: 'the end of the job' });

  expect([await counting.times('job:step'), await counting.times('job:end')]).toEqual([1, 1]);
});

test('a job that is sent starts only when the event has left the outbox', async () => {
  let failures = 2;
  const sent = defineJob<CountingTables>()({ name: 'sent', parse: named, async run() {} });
  const relay: RelayHandlers<CountingTables> = {
    async start(events, { send }) {
      await send(sent, events, dataOf);
      if (failures-- > 0) throw new Error('fails in the batch and alone');
    },
  };
  const [shard = ''] = counting.database.shards;
  await counting.emit(shard, 'start', { name: 'sent' });
  work({ relay, jobs: [sent] });
  await emptied();

  expect(await counting.query("select name from counting_jobs.job where name = 'sent'")).toHaveLength(1);
});

test('a transaction that fails leaves neither mark nor effect', async () => {
  let tries = 0;
  const unlucky = defineJob<CountingTables>()({
    name: 'unlucky',
    settings: { retryDelaySeconds: 1 },
    parse: named,
    async run({ name }, { once }) {
      await once(name, async (transaction) => {
        await transaction.query(COUNT, [name]);
        tries += 1;
        if (tries === 1) throw new Error('after the effect, before the commit');
      });
    },
  });
  const [, shard = ''] = counting.database.shards;
  await counting.emit(shard, 'start', { name: 'unlucky' });
  work({
    relay: {
      start: (events, { send }) => send(unlucky, events, dataOf),
    },
    jobs: [unlucky],
  });
  await waitFor(async () => (await counting.times('unlucky')) > 0, { what: 'the second try' });

  expect([tries, await counting.times('unlucky')]).toEqual([2, 1]);
});

test.each([
  [
    'at once when it cannot work',
    new GraphError('NOT_FOUND', 'It is gone.'),
    1,
    { code: 'NOT_FOUND', message: 'It is gone.' },
  ],
  [
    'after its retries when it might',
    new Error('secret'),
    2,
    { code: 'INTERNAL_SERVER_ERROR', message: 'The job failed.' },
  ],
])('a job is given up %s, and the reason is told', async (name, error, tries, reason) => {
  const attempts: number[] = [];
  const reasons: unknown[] = [];
  const hopeless = defineJob<CountingTables>()({
    name: 'hopeless',
    settings: { retryLimit: 1, retryDelaySeconds: 1 },
    parse: named,
    async run(_data, { attempt }) {
      attempts.push(attempt);
      throw error;
    },
    async failed(data, failure) {
      reasons.push({ ...failure, ...data });
    },
  });
  const [, , shard = ''] = counting.database.shards;
  await counting.emit(shard, 'start', { name });
  work({
    relay: {
      start: (events, { send }) => send(hopeless, events, dataOf),
    },
    jobs: [hopeless],
  });
  await waitFor(() => reasons.length > 0, { what: 'the job to be given up' });

  expect(reasons).toEqual([{ ...reason, name }]);
  expect(attempts).toHaveLength(tries);
});

test('a worker that stops ends the job in hand first', async () => {
  let ended = false;
  let begun = false;
  const slow = defineJob<CountingTables>()({
    name: 'slow',
    parse: named,
    async run() {
      begun = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
      ended = true;
    },
  });
  const [shard = ''] = counting.database.shards;
  await counting.emit(shard, 'start', { name: 'slow' });
  const worker = work({
    relay: {
      start: (events, { send }) => send(slow, events, dataOf),
    },
    jobs: [slow],
  });
  await waitFor(() => begun, { what: 'the job to begin' });
  await worker.stop();

  expect(ended).toBe(true);
});

test('what is old is deleted on every shard, and what is young stays', async () => {
  const { database } = counting;
  for (const shard of database.shards) {
    await database.query(
      shard,
      `insert into counting.inbox (consumer, event_id, at)
       select 'old', n::text, now() - interval '31 days' from generate_series(1, 2500) n
       union all select 'young', n::text, now() - interval '29 days' from generate_series(1, 3) n`,
    );
    await database.query(
      shard,
      `insert into counting.claim select n, now() - n * interval '1 day' from generate_series(1, 10) n`,
    );
  }
  const oldRows = [{ table: 'counting.claim', column: 'at', days: 7 }];
  // Two at once, as copies of a worker are.
  for (let copy = 0; copy < 2; copy += 1) work({ oldRows, timing: { pruneMs: 100 } });
  const left = (sql: string) => counting.query<{ left: string }>(`select ${sql} as left`);
  await waitFor(
    async () =>
      (
        await left(
          "(select count(*) from counting.inbox where consumer = 'old') + (select count(*) from counting.claim where key > 6)",
        )
      ).every((row) => row.left === '0'),
    { what: 'the old rows to be deleted' },
  );

  expect(await left("(select count(*) from counting.inbox where consumer = 'young')")).toEqual([
    { left: '3' },
    { left: '3' },
    { left: '3' },
  ]);
  expect(await counting.query('select key from counting.claim where key <= 6')).toHaveLength(18);
});

test('jobs that are done are deleted after a day; what was given up stays for whoever looks at it', async () => {
  const [shard = ''] = counting.database.shards;
  const add = (state: string, days: number) =>
    counting.database.query(
      shard,
      `insert into counting_jobs.job (name, state, completed_on) values ('sent', $1, now() - $2 * interval '1 day')`,
      [state, days],
    );
  await Promise.all([add('completed', 2), add('failed', 2), add('completed', 0.5)]);
  const sent = defineJob<CountingTables>()({ name: 'sent', parse: named, async run() {} });
  work({ jobs: [sent], timing: { pruneMs: 100 } });
  const old = () =>
    counting.query("select state::text from counting_jobs.job where completed_on < now() - interval '1 day'");
  await waitFor(async () => (await old()).length === 1, { what: 'the done job to be deleted' });

  expect(await old()).toEqual([{ state: 'failed' }]);
  expect(
    (
      await counting.query(
        "select 1 from counting_jobs.job where state = 'completed' and completed_on < now() - interval '10 hours'",
      )
    ).length,
  ).toBe(1);
});

test('a shard that is down holds up no other, and is worked on when it is back', async () => {
  const [down, up] = counting.fleet.shards;
  if (down === undefined || up === undefined) throw new Error('a fleet of less than two shards');
  await counting.emit(down.name, 'counted', { name: 'patient' });
  await counting.fleet.kill(down.primary);
  const worker = work({ relay: count, jobs: [] });
  await counting.emit(up.name, 'counted', { name: 'lucky' });
  await waitFor(async () => worker.check().then(() => true), { what: 'the worker' });
  const there = () =>
    counting.database.query<{ times: number }>(up.name, "select times from counting.effect where name = 'lucky'");
  await waitFor(async () => (await there()).length === 1, { what: 'the event of the shard that is up' });

  await counting.fleet.start(down.primary);
  await waitFor(async () => (await counting.times('patient')) === 1, {
    what: 'the event of the other',
    timeoutMs: 20_000,
  });
});

test('a worker stops in time though a shard hangs', async () => {
  const idle = defineJob<CountingTables>()({ name: 'slow', parse: named, async run() {} });
  const worker = work({ relay: count, jobs: [idle] });
  await waitFor(async () => worker.check().then(() => true), { what: 'the worker' });
  const [hung] = counting.fleet.shards;
  if (hung === undefined) throw new Error('a fleet without a shard');
  await counting.fleet.pause(hung.primary);
  try {
    const started = performance.now();
    await worker.stop();
    expect(performance.now() - started).toBeLessThan(10_000);
  } finally {
    await counting.fleet.resume(hung.primary);
  }
});
