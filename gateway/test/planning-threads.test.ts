import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import type { Planning } from '../src/execution/planning/planning.ts';
import { createPlanningThreads, type PlanningThreadsOptions } from '../src/execution/planning/planning-threads.ts';
import { drawWorld } from './oracle/draw-world.ts';
import { openGraph } from './oracle/graph.ts';

/** See planning.test.ts. */
const GRAPH = 400_007;
const HEAVY = '{ q0 { media0 { media0 { title } } } }';

let planning: Planning | undefined;
afterEach(async () => {
  await planning?.stop();
  planning = undefined;
});

async function open(options: Partial<PlanningThreadsOptions>): Promise<Planning> {
  const world = drawWorld(GRAPH);
  const graph = openGraph(world, Object.fromEntries(world.subgraphs.map((name) => [name, ''])));
  if (graph === undefined) throw new Error('the graph does not compose');
  planning = await createPlanningThreads({
    supergraphSdl: graph.supergraphSdl,
    planner: 'apollo',
    timeoutMs: 100_000,
    maxMemoryMb: 1_024,
    log: createTelemetry({ service: 'test', logLevel: 'silent' }).log,
    ...options,
  });
  return planning;
}

let names = 0;
const small = () => ({ text: `{ a${names++}: q0 { id } }`, decided: undefined });

test('while spare threads end, every operation is planned', async () => {
  const { steps } = await open({ spareForMs: 1 });
  // nobody waits for it when the others have been planned
  steps({ text: HEAVY, decided: undefined }).catch(() => undefined);
  for (let round = 0; round < 3; round += 1) {
    expect(await steps(small())).toHaveLength(1);
    // in this time the thread that made it begins to end, and has not ended
    await delay(5);
    expect(await steps(small())).toHaveLength(1);
  }
});

test('an operation whose thread is ended by somebody else is planned by another one', async () => {
  const { steps } = await open({ planner: 'native' });
  const [pid = 0] = children();
  process.kill(pid, 'SIGSTOP'); // so that it does not answer before it is ended
  const planned = steps(small());
  process.kill(pid, 'SIGKILL');
  expect(await planned).toHaveLength(1);
  expect(children()).not.toContain(pid);
});

test('no more than so many operations wait to be planned', async () => {
  const { steps, stop } = await open({});
  const outcome = (asked: Promise<unknown>) =>
    asked.then(
      () => 'planned',
      ({ code }: { code: string }) => code,
    );
  // one is begun, 500 wait
  const within = Array.from({ length: 501 }, () => outcome(steps(small())));
  expect(await outcome(steps(small()))).toBe('PLANNING_BUSY');
  await stop();
  expect(await Promise.all(within)).not.toContain('PLANNING_BUSY');
});

test('who leaves while others are planned is not planned, and a plan that was begun still comes', async () => {
  const { steps } = await open({});
  const leaving = new AbortController();
  const begun = steps(small(), leaving.signal);
  const waiting = steps(small(), leaving.signal);
  leaving.abort(new Error('left'));
  await expect(waiting).rejects.toThrow('left');
  expect(await begun).toHaveLength(1);
});

/** Process ids. */
function children(): number[] {
  const list = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}
