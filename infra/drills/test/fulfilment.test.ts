import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { PAYMENT_FAULTS, runFulfilmentDrill } from '../src/fulfilment/fulfilment-drill.ts';
import { type RunningGraph, startGraph } from '../src/running-graph.ts';

/** Each process that has a part in an order once; `pnpm drill` does 50 rounds, the reviews among them. */
const ROUNDS = 5;

let running: RunningGraph;

beforeAll(async () => {
  running = await startGraph({ paymentFaults: PAYMENT_FAULTS });
}, 180_000);
afterAll(() => running?.stop());

test('no acknowledged write is lost, no effect is doubled, stock and money are conserved, though every process is killed', async () => {
  const lines: string[] = [];
  const tell = (line: string): void => void lines.push(line);
  const { problems, orders, kills, reasons, refunds } = await runFulfilmentDrill(running, {
    ...{ rounds: ROUNDS, tell },
    ...{ products: 3, stock: 25 },
  });

  process.stdout.write(`${[...lines, JSON.stringify({ orders, reasons, kills, refunds })].join('\n')}\n`);
  expect(problems).toEqual([]);
  // Worth something only when there was something to lose, and something to take back.
  expect(orders.shipped).toBeGreaterThan(10);
  expect(orders.canceled).toBeGreaterThan(0);
  expect(reasons.OUT_OF_STOCK).toBeGreaterThan(0);
}, 420_000);

const WEFT = fileURLToPath(new URL('../../weft/bin/weft.mjs', import.meta.url));

/** `weft jobs ...` as a person calls it, about the graph of this test. */
async function weftJobs(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const all = ['--conditions=weft-source', WEFT, 'jobs', ...args, '--data', running.graph.directory];
  return promisify(execFile)(process.execPath, all).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, out: stdout }),
  );
}

test('weft jobs lists what was given up, has it tried again, and drops it', async () => {
  const [done] = await running.sql(
    'shard-1',
    `update orders_jobs.job set state = 'failed', output = '{"code":"SUBREQUEST_HTTP_ERROR","message":"payments did not answer."}'
     where id = (select id from orders_jobs.job where name = 'reserve-stock' and state = 'completed' limit 1) returning id::text`,
  );
  const id = `orders/shard-1/${String(done?.id)}`;

  expect((await weftJobs('list')).out).toContain(`${id}\n  reserve-stock, `);
  expect(await weftJobs('retry', id, 'orders/shard-1/x')).toEqual({
    ...{ code: 1, out: `${id}: is tried again\norders/shard-1/x: is not there (any more)\n` },
  });
  const state = async () =>
    (await running.sql('shard-1', `select state::text from orders_jobs.job where id = '${String(done?.id)}'`))[0]
      ?.state;
  await waitFor(async () => (await state()) === 'completed', { what: 'the job to have run again', timeoutMs: 20_000 });
  await running.sql('shard-1', `update orders_jobs.job set state = 'failed' where id = '${String(done?.id)}'`);
  expect(await weftJobs('drop', id)).toEqual({ code: 0, out: `${id}: is deleted\n` });
  expect(await weftJobs('list', '--json')).toEqual({ code: 0, out: '[]\n' });
}, 120_000);
