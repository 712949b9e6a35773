import { expect, test } from '@jest/globals';
import { createWaker } from './waker.ts';

const LONG_MS = 60_000;

test('a wake ends the sleep', async () => {
  const waker = createWaker();
  const sleeping = waker.sleep(LONG_MS);
  waker.wake();

  await expect(sleeping).resolves.toBeUndefined();
});

test('a wake while nobody sleeps ends the next sleep, and only that one', async () => {
  const waker = createWaker();
  waker.wake();
  waker.wake();
  await waker.sleep(LONG_MS);

  const second = waker.sleep(LONG_MS).then(() => 'slept');
  expect(await Promise.race([second, Promise.resolve('still asleep')])).toBe('still asleep');
  waker.wake();
  expect(await second).toBe('slept');
});
