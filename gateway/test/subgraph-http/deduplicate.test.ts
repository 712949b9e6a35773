import { afterEach, expect, test } from '@jest/globals';
import { type Ask, ask, type Client, type ClientOptions, openOurs } from './client-under-test.ts';
import { ok, type RawServer, type Script, startRawServer, stopRawServers } from './raw-server.ts';

let client: Client;
afterEach(async () => {
  await client.stop();
  await stopRawServers();
});

function open(more: ClientOptions = {}): Client {
  client = openOurs({ ...more, traffic: { deduplicate: true, ...more.traffic } });
  return client;
}

/** Answers with the number of the request, when told to. */
async function held(): Promise<{ server: RawServer; release: () => void; arrived: (count: number) => Promise<void> }> {
  const answers: (() => void)[] = [];
  const onRequest: (() => void)[] = [];
  const script: Script = (socket, _request, index) => {
    answers.push(() => socket.write(ok(`{"n":${index}}`)));
    for (const check of onRequest) check();
  };
  const server = await startRawServer(script);
  return {
    server,
    release: () => {
      for (const answer of answers.splice(0)) answer();
    },
    arrived: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (server.seen.length >= count) resolve();
        };
        onRequest.push(check);
        check();
      }),
  };
}

test('equal queries at the same time are sent once; later ones are sent again', async () => {
  const { server, release, arrived } = await held();
  open();
  const answers = Array.from({ length: 5 }, () => ask(client, server.url));
  await arrived(1);
  const late = ask(client, server.url);
  release();
  expect(await Promise.all([...answers, late])).toEqual(Array(6).fill('{"n":0}'));
  const again = ask(client, server.url);
  await arrived(2);
  release();
  expect(await again).toBe('{"n":1}');
});

test('only when configured, only queries, only what is equal in every part that a subgraph sees', async () => {
  const user = { subject: 'ada', scopes: ['a'] };
  const different: Ask[] = [
    {},
    { body: '{"query":"{b}"}' },
    { type: 'mutation' },
    { type: 'mutation' },
    { forwardedHeaders: { authorization: 'Bearer 1' } },
    { forwardedHeaders: { authorization: 'Bearer 2' } },
    { forwardedHeaders: { 'x-tenant': 'Bearer 2' } },
    { user },
    { user: { ...user, subject: 'grace' } },
    { user: { ...user, scopes: ['a', 'b'] } },
  ];
  for (const [deduplicate, asks] of [
    [true, different],
    [false, [{}, {}, {}]],
  ] as const) {
    const { server, release, arrived } = await held();
    open({ traffic: { deduplicate }, secrets: ['a secret that is long enough'] });
    const answers = asks.map((one) => ask(client, server.url, one));
    await arrived(asks.length);
    release();
    expect(new Set(await Promise.all(answers)).size).toBe(asks.length);
    await client.stop();
  }
});

test('two users who ask the same at the same time never get the answer of the other', async () => {
  const server = await startRawServer((socket, { head }) => {
    const token = /weft-user: [^.]*\.([^.]*)\./.exec(head)?.[1] ?? '';
    const { sub } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { readonly sub: string };
    setImmediate(() => socket.write(ok(`"${sub}"`)));
  });
  open({ secrets: ['a secret that is long enough'] });
  let sent = 0;
  for (let round = 0; round < 100; round += 1) {
    const users = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'ada' : 'grace'));
    const answers = users.map((subject) => ask(client, server.url, { user: { subject, scopes: [] } }));
    expect(await Promise.all(answers)).toEqual(users.map((subject) => `"${subject}"`));
    sent += users.length;
  }
  expect(server.seen.length).toBeLessThan(sent / 2);
});

test('who leaves takes nothing from those who stay; with the last one the request is given up', async () => {
  const { server, release, arrived } = await held();
  open();
  const leave = [new AbortController(), new AbortController()];
  const [first, second] = leave.map(({ signal }) => ask(client, server.url, { signal }));
  const third = ask(client, server.url);
  await arrived(1);
  leave[0]?.abort({ code: 'LEFT' });
  expect(await first).toBe('LEFT');
  release();
  expect(await Promise.all([second, third])).toEqual(['{"n":0}', '{"n":0}']);

  const both = [new AbortController(), new AbortController()];
  const answers = both.map(({ signal }) => ask(client, server.url, { signal }));
  await arrived(2);
  const [socket] = server.sockets;
  const closed = new Promise((resolve) => void socket?.once('close', resolve));
  for (const controller of both) controller.abort({ code: 'LEFT' });
  expect(await Promise.all(answers)).toEqual(['LEFT', 'LEFT']);
  await closed;
  const next = ask(client, server.url);
  await arrived(3);
  release();
  expect(await next).toBe('{"n":2}');
});

test('everyone keeps a deadline of their own: nobody joins a request that is given up before they would be', async () => {
  const { server, release, arrived } = await held();
  open({ traffic: { timeout: '1s' } });
  const short = ask(client, server.url, { leftMs: 200 });
  const long = ask(client, server.url);
  await arrived(2);
  expect(await short).toBe('SUBGRAPH_TIMEOUT');
  release();
  expect(await long).toBe('{"n":1}');
});

test('a failure is told to all who wait for it', async () => {
  const server = await startRawServer((socket) => void socket.end('nonsense\r\n\r\n'));
  open();
  const answers = Array.from({ length: 4 }, () => ask(client, server.url));
  expect(await Promise.all(answers)).toEqual(Array(4).fill('SUBREQUEST_MALFORMED_RESPONSE'));
  expect(server.seen).toHaveLength(1);
});
