import { afterAll, expect, test } from '@jest/globals';
import { hasRedis, type RedisServer, startRedis, waitFor } from '@weft/testing';
import { closeShops, openShop } from './shop.ts';

let redis: RedisServer | undefined;
afterAll(async () => {
  await closeShops();
  await redis?.stop();
});

const withRedis = hasRedis() ? test : test.skip;
const SPOIL = "for _, key in ipairs(redis.call('keys', '*')) do redis.call('set', key, ARGV[1]) end";
const QUERY = '{ products { id } }';

withRedis('gateways share answers over Redis, and lose no request when it dies, returns or holds rubbish', async () => {
  redis = await startRedis();
  const shop = await openShop({ responseCache: { redisUrl: redis.url } });
  const other = await openShop({ responseCache: { redisUrl: redis.url }, supergraph: { file: shop.supergraphFile } });
  shop.products.cacheControl = 'public, max-age=60';
  const failed: unknown[] = [];
  const load = async (tag: string) => {
    for (let i = 0; i < 30; i += 1) {
      const { status, json } = await shop.ask(`query ($t: String) { products { id } echo(text: $t) }`, {
        variables: { t: `${tag}${i}` },
      });
      if (status !== 200 || json.errors !== undefined || json.data?.echo !== `${tag}${i}`)
        failed.push([tag, i, status]);
    }
  };

  await shop.ask(QUERY);
  // written in the background; the other gateway has nothing of its own
  await waitFor(
    async () => {
      const before = shop.products.asked.length;
      const { status } = await other.ask(QUERY);
      return status === 200 && shop.products.asked.length === before;
    },
    { timeoutMs: 5_000, what: 'an answer of the other gateway' },
  );
  await load('alive');
  for (const rubbish of ['rubbish', '{', '{"value":7}', '{"value":"{}\\nrubbish","expires":9999999999999}']) {
    await redis.command('EVAL', SPOIL, '0', rubbish);
    await load('alive');
    if ((await other.ask('{ products { id name } }')).status !== 200) failed.push(rubbish);
  }
  const running = load('dying');
  await redis.kill();
  await running;
  await load('dead');
  await redis.start();
  redis.pause();
  await load('frozen');
  redis.resume();
  await load('back');
  expect(failed).toEqual([]);
});
