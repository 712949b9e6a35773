import { expect, test } from '@jest/globals';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createConnectionSlots, type ReleaseSlot } from './connection-slots.ts';
import { createReplicationLag } from './replication-lag.ts';

test('a breaker opens after two failures in a row, lets one trial through, and closes when it succeeds', () => {
  let now = 0;
  let mayBeUp = true;
  const breaker = createCircuitBreaker({ openMs: 100, mayBeUp: () => mayBeUp, clock: () => now });
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  expect(breaker.admits()).toBe(true);
  breaker.failed();
  expect([breaker.isOpen, breaker.admits()]).toEqual([true, false]);
  now = 100;
  mayBeUp = false;
  expect(breaker.admits()).toBe(false);
  mayBeUp = true;
  expect([breaker.mayAdmit, breaker.admits(), breaker.admits()]).toEqual([true, true, false]);
  breaker.failed();
  now = 150;
  expect(breaker.admits()).toBe(false);
  now = 200;
  expect(breaker.admits()).toBe(true);
  breaker.succeeded();
  expect([breaker.isOpen, breaker.admits(), breaker.admits()]).toEqual([false, true, true]);
});

test('a trial whose outcome is never told does not keep the breaker open for ever', () => {
  let now = 0;
  const breaker = createCircuitBreaker({ openMs: 100, mayBeUp: () => true, clock: () => now });
  breaker.open();
  now = 100;
  expect(breaker.admits()).toBe(true);
  now = 200;
  expect(breaker.admits()).toBe(true);
});

test('slots are given in the order of asking, and one that was given up goes to the next', async () => {
  const slots = createConnectionSlots({ max: 1, longestWaitMs: 5_000 });
  const first = slots.take() as ReleaseSlot;
  const order: string[] = [];
  const waiting = ['a', 'b'].map(async (name) => {
    const release = await slots.take();
    order.push(name);
    release();
  });
  first();
  await Promise.all(waiting);
  expect(order).toEqual(['a', 'b']);
  expect(typeof slots.take()).toBe('function');
});

test('who waits too long is told that the database is busy', async () => {
  const waits: number[] = [];
  const slots = createConnectionSlots({ max: 1, longestWaitMs: 20, onWaiting: (waiting) => waits.push(waiting) });
  void slots.take();
  await expect(slots.take()).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  expect(waits).toEqual([1, 0]);
});

test('the lag of a replica is the age of the oldest position that it has not replayed', () => {
  const lag = createReplicationLag();
  expect(lag.lagMs(100, 0)).toBeUndefined();
  lag.sample(100, 1_000);
  lag.sample(100, 2_000);
  lag.sample(200, 3_000);
  lag.sample(300, 4_000);
  expect([lag.lagMs(300, 9_000), lag.lagMs(250, 9_000), lag.lagMs(150, 9_000), lag.lagMs(50, 9_000)]).toEqual([
    0, 5_000, 6_000, 8_000,
  ]);
  for (let n = 0; n < 1_000; n += 1) lag.sample(400 + n, 5_000 + n);
  expect(lag.lagMs(50, 9_000)).toBe(8_000);
  // Promoted, or made anew: what the old primary had says nothing.
  lag.sample(10, 20_000);
  expect(lag.lagMs(10, 21_000)).toBe(0);
});
