import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
    ...{ products: 3, stock: 40 },
  });

  process.stdout.write(`${[...lines, JSON.stringify({ orders, reasons, kills, refunds })].join('\n')}\n`);
  expect(problems).toEqual([]);
  // Worth something only when there was something to lose, and something to take back.
  expect(orders.shipped).toBeGreaterThan(20);
  expect(orders.canceled).toBeGreaterThan(0);
  expect(reasons.OUT_OF_STOCK).toBeGreaterThan(0);
}, 420_000);
