import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { createFetchPlane, type FetchPlane } from '../../src/fetch/plane.ts';
import type { ByteCall, ByteOutcome } from '../../src/subgraph-call.ts';
import { trafficOf } from './client-under-test.ts';
import { ok, startRawServer, stopRawServers } from './raw-server.ts';

let plane: FetchPlane;
afterEach(async () => {
  await plane.connections.stop();
  await stopRawServers();
});

function open(traffic: Readonly<Record<string, unknown>> = {}): FetchPlane {
  const telemetry = createTelemetry({ service: 'test', logLevel: 'silent' });
  plane = createFetchPlane({ traffic: trafficOf(traffic), telemetry, secrets: undefined });
  return plane;
}

function callOf(address: string, bodyBytes: string, leftMs = 10_000): ByteCall {
  const context = {
    user: null,
    forwardedHeaders: {},
    signal: new AbortController().signal,
    deadlineMs: performance.now() + leftMs,
    cacheHints: { add: () => undefined },
  };
  return { subgraph: 'a', address, type: 'query', path: '', bodyBytes, context };
}

const textOf = (outcome: ByteOutcome): unknown =>
  'error' in outcome
    ? (outcome.error as { readonly code: string }).code
    : outcome.reply.bytes.toString('utf8', outcome.reply.start, outcome.reply.end);

test('an answer comes in the async context of its own call, on whatever connection', async () => {
  const server = await startRawServer((socket, { body }) => void socket.write(ok(body.toString())));
  const { callBytes } = open({ maxConnections: 2 });
  const storage = new AsyncLocalStorage<string>();
  const seen: [unknown, string | undefined][] = [];
  const ask = (name: string) =>
    storage.run(
      name,
      () =>
        new Promise<void>((resolve) =>
          callBytes(callOf(server.url, `"${name}"`), (outcome) => {
            seen.push([textOf(outcome), storage.getStore()]);
            resolve();
          }),
        ),
    );
  const names = Array.from({ length: 12 }, (_, index) => `call-${index}`);
  await Promise.all(names.map(ask));
  expect(seen).toHaveLength(12);
  for (const [answer, store] of seen) expect(answer).toBe(`"${store}"`);
});

test('each answer is its own until its call returns, also when the next request is sent from there', async () => {
  const bodies = Array.from({ length: 30 }, (_, index) => `"${String(index % 10).repeat(1 + index * 2_000)}"`);
  const server = await startRawServer((socket, { body }) => void socket.write(ok(body.toString())));
  const { callBytes } = open({ maxConnections: 3 });
  const answers: unknown[] = [];
  await new Promise<void>((resolve) => {
    const next = (index: number): void => {
      callBytes(callOf(server.url, bodies[index] as string), (outcome) => {
        if (index + 3 < bodies.length) next(index + 3);
        answers[index] = textOf(outcome);
        if (answers.filter((answer) => answer !== undefined).length === bodies.length) resolve();
      });
    };
    for (let index = 0; index < 3; index += 1) next(index);
  });
  expect(answers.map((answer, index) => answer === bodies[index])).toEqual(Array(bodies.length).fill(true));
});

test('what cannot be sent is told once, with its code, before anything is sent', async () => {
  const server = await startRawServer((socket) => void socket.write(ok('{}')));
  const { callBytes } = open();
  const told: unknown[] = [];
  callBytes(callOf(server.url, '{}', 0), (outcome) => told.push(textOf(outcome)));
  callBytes(callOf('', '{}'), (outcome) => told.push(textOf(outcome)));
  expect(told).toEqual(['DEADLINE_EXCEEDED', 'SUBREQUEST_HTTP_ERROR']);
  await plane.connections.stop();
  callBytes(callOf(server.url, '{}'), (outcome) => told.push(textOf(outcome)));
  expect(told).toEqual(['DEADLINE_EXCEEDED', 'SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_HTTP_ERROR']);
  expect(server.seen).toEqual([]);
});

test('stopping ends what is in flight, and opens nothing again', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await startRawServer(() => arrived.resolve());
  const { callBytes, connections } = open({ maxConnections: 1 });
  const told: unknown[] = [];
  const both = [1, 2].map(
    () =>
      new Promise<void>((resolve) =>
        callBytes(callOf(server.url, '{}'), (outcome) => {
          told.push(textOf(outcome));
          resolve();
        }),
      ),
  );
  await arrived.promise;
  await connections.stop();
  await Promise.all(both);
  expect(told).toEqual(['SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_HTTP_ERROR']);
  expect(server.connections).toBe(1);
});

test('a process that was held up itself takes the answers that have come meanwhile', async () => {
  const server = await startRawServer((socket, { body }) => void socket.write(ok(body.toString())));
  const { callBytes } = open({ timeout: '200ms' });
  const ask = (body: string) =>
    new Promise<unknown>((resolve) => callBytes(callOf(server.url, body), (outcome) => resolve(textOf(outcome))));
  expect(await ask('"first"')).toBe('"first"');
  const written = new Promise<void>((resolve) => {
    server.script = (socket) => void socket.write(ok('"late"'), () => resolve());
  });
  const answer = ask('"second"');
  await written;
  // the answer has arrived at the socket, and is not read: nothing else runs
  const until = performance.now() + 400;
  while (performance.now() < until);
  expect(await answer).toBe('"late"');
});
