import { expect, test } from '@jest/globals';
import { createBufferPool } from './buffer-pool.ts';

const MIB = 2 ** 20;

test('a buffer that was given back is taken again for the same size', () => {
  const pool = createBufferPool((length) => Buffer.allocUnsafeSlow(length), 16 * MIB);
  const buffer = pool.take(5_000);
  expect(buffer.length).toBe(8_192);
  pool.give(buffer);
  expect(pool.idleBytes).toBe(8_192);
  expect(pool.take(8_192)).toBe(buffer);
  expect(pool.idleBytes).toBe(0);
});

test('what lies idle is bounded, and very large buffers are not kept', () => {
  const pool = createBufferPool((length) => Buffer.allocUnsafeSlow(length), 16 * MIB);
  pool.give(pool.take(2 * MIB));
  expect(pool.idleBytes).toBe(0);
  const many = Array.from({ length: 40 }, () => pool.take(MIB));
  for (const buffer of many) pool.give(buffer);
  expect(pool.idleBytes).toBe(16 * MIB);
});
