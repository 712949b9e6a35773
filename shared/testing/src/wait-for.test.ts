import { expect, test } from '@jest/globals';
import { waitFor } from './wait-for.ts';

test('it gives what the condition gave, after it threw or gave nothing', async () => {
  let asked = 0;
  const condition = () => {
    asked++;
    if (asked === 1) throw new Error('not there');
    return asked < 3 ? undefined : 'here';
  };
  expect(await waitFor(condition, { what: 'it' })).toBe('here');
});

test('after the deadline it says what was waited for, with the last error as cause', async () => {
  const never = waitFor(() => Promise.reject(new Error('still down')), { what: 'the shard', timeoutMs: 30 });
  await expect(never).rejects.toMatchObject({
    message: 'waited 30 ms for the shard',
    cause: { message: 'still down' },
  });
});
