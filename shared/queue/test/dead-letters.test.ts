import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { waitFor } from '@weft/testing';
import {
  type DeadLetters,
  defineJob,
  type JobDefinition,
  type JobTools,
  openDeadLetters,
  type QueueWorker,
} from '../src/index.ts';
import { COUNT, type Counting, type CountingTables, startCounting } from './counting-subgraph.ts';

let counting: Counting;
let letters: DeadLetters;
let worker: QueueWorker | undefined;

beforeAll(async () => {
  counting = await startCounting(['mended', 'unhandled']);
  letters = openDeadLetters(counting.database);
});
afterEach(() => worker?.stop());
afterAll(() => counting?.stop());

let broken = true;
/** Runs the job of one event of the second shard. */
async function run(job: JobDefinition<CountingTables>): Promise<string> {
  const [, shard = ''] = counting.database.shards;
  worker = counting.startWorker({
    relay: { start: (events, { send }) => send(job, events, ({ payload }) => payload as object) },
    jobs: [job],
  });
  await counting.emit(shard, 'start', { name: job.name });
  return shard;
}

const dead = () => waitFor(async () => (await letters.list())[0], { what: 'a dead letter', timeoutMs: 20_000 });

interface Named {
  readonly name: string;
}
const named = (data: unknown): Named => data as Named;

/** What a job does: fails while things are broken, then counts once. */
const countUnless =
  (failure: Error) =>
  async ({ name }: Named, { once }: JobTools<CountingTables>): Promise<void> => {
    if (broken) throw failure;
    await once(name, async (transaction) => {
      await transaction.query(COUNT, [name]);
    });
  };

test('a job that was given up waits with its reason, and runs when it is tried again', async () => {
  broken = true;
  const mended = defineJob<CountingTables>()({
    name: 'mended',
    settings: { retryLimit: 1, retryDelaySeconds: 1 },
    parse: named,
    run: countUnless(new GraphError('SUBREQUEST_HTTP_ERROR', 'payments did not answer.')),
  });
  const shard = await run(mended);
  const letter = await dead();

  expect(letter).toEqual({
    ...{ id: expect.stringMatching(new RegExp(`^${shard}/[0-9a-f-]{36}$`)), kind: 'job', name: 'mended', tries: 2 },
    ...{ at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), reason: 'SUBREQUEST_HTTP_ERROR: payments did not answer.' },
    data: { name: 'mended' },
  });
  expect(await Promise.all(counting.database.shards.map(letters.countOn))).toEqual([0, 1, 0]);
  broken = false;
  expect(await letters.retry(letter.id)).toBe(true);
  await waitFor(async () => (await counting.times('mended')) === 1, { what: 'the effect', timeoutMs: 20_000 });
  expect(await letters.list()).toEqual([]);
  expect([await letters.retry(letter.id), await letters.drop(letter.id)]).toEqual([false, false]);
});

test('a failure that could not be handled is one letter, and trying again is trying the job again', async () => {
  broken = true;
  const unhandled = defineJob<CountingTables>()({
    name: 'unhandled',
    settings: { retryLimit: 0, retryDelaySeconds: 1 },
    parse: named,
    run: countUnless(new Error('secret')),
    async failed() {
      throw new GraphError('JOB_NOT_CANCELABLE', 'It can only go on.');
    },
  });
  await run(unhandled);
  const letter = await dead();

  expect(letter).toMatchObject({ name: 'unhandled-failed', reason: 'JOB_NOT_CANCELABLE: It can only go on.' });
  broken = false;
  expect(await letters.retry(letter.id)).toBe(true);
  await waitFor(async () => (await counting.times('unhandled')) === 1, { what: 'the effect', timeoutMs: 20_000 });
  expect(await letters.list()).toEqual([]);
});

test('an event that fails again and again is one too; what is dropped is gone', async () => {
  const [, , shard = ''] = counting.database.shards;
  await counting.emit(shard, 'unheard', { n: 1 });
  expect(await letters.list()).toEqual([]);
  await counting.database.query(shard, "update counting.outbox set attempts = 12 where topic = 'unheard'");
  const [letter] = await letters.list();

  expect(letter).toMatchObject({ kind: 'event', name: 'unheard', tries: 12, reason: undefined, data: { n: 1 } });
  expect(await letters.drop(letter?.id ?? '')).toBe(true);
  expect(await counting.query('select from counting.outbox')).toEqual([]);
});

test.each(['', 'shard-1', 'shard-9/event-1', 'shard-1/event-x', "shard-1/'; drop table x"])(
  'nothing is under the id %p',
  async (id) => {
    expect([await letters.retry(id), await letters.drop(id)]).toEqual([false, false]);
  },
);
