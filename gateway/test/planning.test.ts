import { afterEach, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import type { GatewayConfigInput } from '../src/index.ts';
import { drawWorld } from './oracle/draw-world.ts';
import { type GraphOverHttp, openOverHttp } from './oracle/over-http.ts';

/** A graph with an interface object that refers to itself: each step of the chain multiplies what the planner weighs. */
const GRAPH = 400_007;
const HEAVY = '{ q0 { media0 { media0 { title } } } }';
const EXPLODING = '{ q0 { media0 { media0 { media0 { media0 { title } } } } } }';

let served: GraphOverHttp | undefined;
afterEach(async () => {
  await served?.stop();
  served = undefined;
});

async function serve(planning: GatewayConfigInput['planning'], operationTimeout = '100s') {
  served = await openOverHttp(drawWorld(GRAPH), 'weft', {
    planning,
    traffic: { operationTimeout },
  });
  if (served === undefined) throw new Error('the graph does not compose');
  const { gateway } = served;
  const ask = async (query: string, signal?: AbortSignal) => {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });
    const { data, errors = [] } = (await response.json()) as Answer;
    return { status: response.status, answered: data !== undefined, code: errors[0]?.extensions.code };
  };
  return { ask, gateway };
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const ANSWERED = { status: 200, answered: true };
const TOO_LARGE = { status: 400, answered: false, code: 'COST_ESTIMATED_TOO_EXPENSIVE' };

test('while an operation takes long to plan, known and new ones are answered', async () => {
  const { ask, gateway } = await serve({ timeout: '100s', maxMemoryBytes: '1GiB' });
  expect(await ask('{ q0 { id } }')).toMatchObject(ANSWERED);
  const leaving = new AbortController();
  let ended = false;
  const heavy = ask(HEAVY, leaving.signal).then(
    () => (ended = true),
    () => (ended = true),
  );
  const inFlight = async () => (await gateway.telemetry.metricsText()).includes('gateway_requests_in_flight 1');
  await waitFor(inFlight, { what: 'the heavy operation' });
  expect(await ask('{ q0 { id } }')).toMatchObject(ANSWERED);
  expect(ended).toBe(false);
  expect(await ask('{ new: q0 { id } }')).toMatchObject(ANSWERED);
  leaving.abort();
  await heavy;
});

test('an operation whose plan takes longer than a request has time is answered when it has been made', async () => {
  const { ask } = await serve({ timeout: '100s', maxMemoryBytes: '1GiB' }, '500ms');
  expect(await ask(HEAVY)).toEqual({ status: 504, answered: false, code: 'DEADLINE_EXCEEDED' });
  const isAnswered = async () => (await ask(HEAVY)).answered;
  await waitFor(isAnswered, { timeoutMs: 60_000, what: 'its answer' });
});

test('an operation whose plan takes too long is refused, and the next one is answered', async () => {
  const { ask } = await serve({ timeout: '500ms', maxMemoryBytes: '2GiB' });
  expect(await ask(HEAVY)).toEqual(TOO_LARGE);
  expect(await ask('{ q0 { id } }')).toMatchObject(ANSWERED);
});

test('an operation whose plan needs too much memory is refused, and the next one is answered', async () => {
  const { ask } = await serve({ timeout: '100s', maxMemoryBytes: '16MiB' });
  expect(await ask(HEAVY)).toEqual(TOO_LARGE);
  expect(await ask('{ q0 { id } }')).toMatchObject(ANSWERED);
});

test('what would multiply without end is refused before it does', async () => {
  const { ask } = await serve({ timeout: '100s', maxMemoryBytes: '2GiB' });
  expect(await ask(EXPLODING)).toEqual(TOO_LARGE);
});
