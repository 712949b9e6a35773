import { expect, test } from '@jest/globals';
import { startRedis } from './redis.ts';
import { hasRedis } from './tools.ts';

const redisTest = hasRedis() ? test : test.skip;

redisTest('a Redis of its own can be killed, started again and paused', async () => {
  const redis = await startRedis();
  expect(await redis.command('SET', 'a', 'two words')).toBe('+OK\r\n');
  expect(await redis.command('GET', 'a')).toBe('$9\r\ntwo words\r\n');
  await redis.kill();
  await expect(redis.command('PING')).rejects.toThrow('ECONNREFUSED');
  await redis.start();
  expect(await redis.command('GET', 'a')).toBe('$-1\r\n');

  redis.pause();
  let answered = false;
  const asked = redis.command('PING').then((reply) => {
    answered = true;
    return reply;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(answered).toBe(false);
  redis.resume();
  expect(await asked).toBe('+PONG\r\n');
  await redis.stop();
  await expect(redis.command('PING')).rejects.toThrow('ECONNREFUSED');
});
