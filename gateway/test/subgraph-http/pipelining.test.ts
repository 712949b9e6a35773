import { afterEach, expect, test } from '@jest/globals';
import { ask, type ClientOptions, openOurs } from './client-under-test.ts';
import { ok, startRawServer, stopRawServers } from './raw-server.ts';

afterEach(stopRawServers);

const oneConnection = (more: ClientOptions['traffic'] = {}) =>
  openOurs({ traffic: { pipelining: { a: { connections: 1, depth: 8 } }, ...more } });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `{"n":${index}}`);

test('queries go out before the ones in front are answered, as many as may wait, and each gets its own answer', async () => {
  const most: number[] = [];
  const waiting: string[] = [];
  const server = await startRawServer((socket, { body }) => {
    waiting.push(body.toString());
    if (waiting.length === 1) {
      // answers once whatever was written together has been read
      setImmediate(() => {
        most.push(waiting.length);
        socket.write(
          waiting
            .splice(0)
            .map((text) => ok(text))
            .join(''),
        );
      });
    }
  });
  const client = oneConnection();
  const bodies = numbered(20);
  expect(await Promise.all(bodies.map((body) => ask(client, server.url, { body })))).toEqual(bodies);
  expect(server.connections).toBe(1);
  expect(Math.max(...most)).toBeGreaterThan(1);
  expect(Math.max(...most)).toBeLessThanOrEqual(8);
  await client.stop();
});

test('a subgraph that is not named waits for each answer', async () => {
  let open = 0;
  const server = await startRawServer((socket, { body }) => {
    open += 1;
    expect(open).toBe(1);
    setImmediate(() => {
      open -= 1;
      socket.write(ok(body.toString()));
    });
  });
  const client = openOurs({ traffic: { maxConnections: 1, pipelining: { b: {} } } });
  const bodies = numbered(6);
  expect(await Promise.all(bodies.map((body) => ask(client, server.url, { body })))).toEqual(bodies);
  await client.stop();
});

test('a mutation shares its connection with nobody, and is not overtaken for ever', async () => {
  const open = new Set<string>();
  const order: string[] = [];
  const server = await startRawServer((socket, { body }) => {
    const text = body.toString();
    open.add(text);
    order.push(text);
    if (text.includes('m')) expect([...open]).toEqual([text]);
    setImmediate(() => {
      expect(text.includes('m') && open.size > 1).toBe(false);
      open.delete(text);
      socket.write(ok(text));
    });
  });
  const client = oneConnection();
  const bodies = [...numbered(3), '"m1"', '{"n":3}', '"m2"', ...numbered(2)];
  const answers = bodies.map((body) =>
    ask(client, server.url, { body, type: body.includes('m') ? 'mutation' : 'query' }),
  );
  expect(await Promise.all(answers)).toEqual(bodies);
  expect(order).toEqual(bodies);
  expect(server.connections).toBe(1);
  await client.stop();
});

test('nothing is sent behind a mutation', async () => {
  const arrived = Promise.withResolvers<() => void>();
  const server = await startRawServer((socket, { body }) => {
    const answer = () => void socket.write(ok(body.toString()));
    if (body.toString() === '"m"') arrived.resolve(answer);
    else answer();
  });
  const client = oneConnection();
  const mutation = ask(client, server.url, { body: '"m"', type: 'mutation' });
  const answer = await arrived.promise;
  const query = ask(client, server.url, { body: '"q"' });
  await turns();
  expect(server.seen).toHaveLength(1);
  answer();
  expect(await Promise.all([mutation, query])).toEqual(['"m"', '"q"']);
  await client.stop();
});

test('when a connection breaks, those behind are sent again, once', async () => {
  const server = await startRawServer((socket, { body, connection }) => {
    if (connection > 1) return void socket.write(ok(body.toString()));
    if (server.seen.length === 4) socket.end(`${ok('{"n":0}')}nonsense\r\n\r\n`);
  });
  const client = oneConnection();
  const answers = await Promise.all(numbered(4).map((body) => ask(client, server.url, { body })));
  expect(answers).toEqual(['{"n":0}', 'SUBREQUEST_MALFORMED_RESPONSE', '{"n":2}', '{"n":3}']);
  expect(server.seen).toHaveLength(6);
  await client.stop();
});

test('a client that leaves holds up nobody behind it', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await startRawServer((socket, { body, connection }) => {
    if (connection > 1) socket.write(ok(body.toString()));
    else if (server.seen.length === 3) arrived.resolve();
  });
  const client = oneConnection({ breakAfter: 1 }); // and it is not the fault of the subgraph
  const controller = new AbortController();
  const left = ask(client, server.url, { body: '"x"', signal: controller.signal });
  const others = numbered(2).map((body) => ask(client, server.url, { body }));
  await arrived.promise;
  controller.abort({ code: 'LEFT' });
  expect(await left).toBe('LEFT');
  expect(await Promise.all(others)).toEqual(numbered(2));
  expect(await ask(client, server.url)).toBe('{"query":"{a}"}');
  await client.stop();
});

test('a client that leaves while a connection is made says nothing about the copy, and fails nobody behind it', async () => {
  const server = await startRawServer((socket, { body }) => void socket.write(ok(body.toString())));
  const lookups: (() => void)[] = [];
  const client = openOurs({
    traffic: { pipelining: { a: { connections: 1, depth: 8 } }, ejectFor: '1m' },
    lookup: (_name, { all }, found) => {
      const [address, family] = ['127.0.0.1', 4];
      lookups.push(() => (all === true ? found(null, [{ address, family }]) : found(null, address, family)));
    },
  });
  const url = server.url.replace('127.0.0.1', 'copy.test');
  const controller = new AbortController();
  const left = ask(client, url, { body: '"x"', signal: controller.signal });
  const others = numbered(2).map((body) => ask(client, url, { body }));
  controller.abort({ code: 'LEFT' });
  expect(await left).toBe('LEFT');
  await turns();
  for (let at = 0; at < lookups.length; at += 1) {
    lookups[at]?.();
    await turns();
  }
  expect(await Promise.all(others)).toEqual(numbered(2));
  await client.stop();
});

test('a query that is sent once more shares its connection with nobody', async () => {
  const again = Promise.withResolvers<() => void>();
  const server = await startRawServer((socket, { body, connection }) => {
    const answer = () => void socket.write(ok(body.toString()));
    if (connection === 1) socket.end();
    else if (body.toString() === '"first"') again.resolve(answer);
    else answer();
  });
  const client = oneConnection();
  const first = ask(client, server.url, { body: '"first"' });
  const answer = await again.promise;
  const second = ask(client, server.url, { body: '"second"' });
  await turns();
  expect(server.seen.map(({ body }) => body.toString())).toEqual(['"first"', '"first"']);
  answer();
  expect(await Promise.all([first, second])).toEqual(['"first"', '"second"']);
  await client.stop();
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
