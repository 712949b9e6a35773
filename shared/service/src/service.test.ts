import { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { createTelemetry } from '@weft/telemetry';
import { waitFor } from '@weft/testing';
import { CONNECTION_LIMITS } from './connection-limits.ts';
import { createService, type Service, type ServiceOptions } from './service.ts';

const running: Service[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});

async function start(options: Partial<ServiceOptions> = {}): Promise<Service> {
  const service = await createService({
    name: 'test',
    telemetry: createTelemetry({ service: 'test', logLevel: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    handler: (_, response) => void response.end('hello'),
    ...options,
  });
  running.push(service);
  return service;
}

/** Everything that a socket is sent until it is closed. */
async function talk(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.setEncoding('utf8');
  socket.write(text);
  let answer = '';
  for await (const part of socket) answer += part;
  return answer;
}

function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

const getJson = async (url: string) => {
  const response = await fetch(url);
  return [response.status, await response.json()];
};

test('health, readiness with the names of what fails, and metrics; everything else goes to the handler', async () => {
  let isDown = true;
  const service = await start({
    checks: {
      good: () => undefined,
      database: async () => {
        if (isDown) throw new Error('no');
      },
    },
  });
  expect(await getJson(`${service.url}/health/live`)).toEqual([200, { status: 'live' }]);
  expect(await getJson(`${service.url}/health/ready`)).toEqual([503, { status: 'not ready', failing: ['database'] }]);
  isDown = false;
  await waitFor(async () => (await fetch(`${service.url}/health/ready?x=1`)).status === 200, { what: 'readiness' });
  expect(await (await fetch(`${service.url}/metrics`)).text()).toContain('process_cpu_seconds_total');
  expect((await fetch(`${service.url}/health/live`, { method: 'POST' })).status).toBe(405);
  for (const path of ['/', '/health', '/health/live/', '/constructor', '/__proto__']) {
    expect([path, await (await fetch(service.url + path)).text()]).toEqual([path, 'hello']);
  }
});

test('metrics can have a port of their own, or none; the port of the service then hands the path to its handler', async () => {
  const apart = await start({ metrics: { host: '127.0.0.1', port: 0 } });
  expect(new URL(apart.metricsUrl ?? '').port).not.toBe(String(apart.port));
  expect(await (await fetch(apart.metricsUrl ?? '')).text()).toContain('process_cpu_seconds_total');
  expect(await (await fetch(`${apart.url}/metrics`)).text()).toBe('hello');
  for (const path of ['/', '/health/live', '/metrics/', '/metrics?x']) {
    expect([path, (await fetch(new URL(path, apart.metricsUrl))).status]).toEqual([path, 404]);
  }
  expect((await fetch(apart.metricsUrl ?? '', { method: 'POST' })).status).toBe(405);
  const none = await start({ metrics: 'nowhere' });
  expect([none.metricsUrl, await (await fetch(`${none.url}/metrics`)).text()]).toEqual([undefined, 'hello']);
  const port = Number(new URL(apart.metricsUrl ?? '').port);
  await expect(start({ metrics: { host: '127.0.0.1', port } })).rejects.toThrow(
    `(metrics) cannot listen on 127.0.0.1:${port}: the port is in use`,
  );
  await apart.stop();
  await expect(fetch(apart.metricsUrl ?? '')).rejects.toThrow();
});

test('a check that hangs fails by its name', async () => {
  const service = await start({ checks: { hangs: () => new Promise(() => undefined) } });
  expect(await getJson(`${service.url}/health/ready`)).toEqual([503, { status: 'not ready', failing: ['hangs'] }]);
});

test('what a handler throws is answered: an expected failure as it is, a bug without a word of it', async () => {
  const errors = [
    new GraphError('REQUEST_RATE_LIMITED', 'Too many.', { extensions: { limit: 3 }, log: { host: '10.0.0.1' } }),
    new GraphError('SHUTTING_DOWN', 'Stopping.'),
    new Error('secret of the house'),
  ];
  const service = await start({
    handler: () => {
      throw errors.shift();
    },
  });
  expect(await getJson(service.url)).toEqual([
    429,
    { errors: [{ message: 'Too many.', extensions: { code: 'REQUEST_RATE_LIMITED', limit: 3 } }] },
  ]);
  const stopping = await fetch(service.url);
  expect([stopping.status, stopping.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await getJson(service.url)).toEqual([
    500,
    { errors: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
  ]);
});

test('a failure after the answer began ends the connection instead of pretending', async () => {
  const service = await start({
    handler: (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      throw new Error('too late');
    },
  });
  await expect(fetch(service.url).then((response) => response.text())).rejects.toThrow();
});

test('headers are bounded and rubbish is refused, both with a code', async () => {
  const service = await start();
  const big = `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(CONNECTION_LIMITS.maxHeaderSize)}\r\n\r\n`;
  expect(await talk(service.port, big)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
  expect(await talk(service.port, 'rubbish\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"BAD_REQUEST"/);
  const below = `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(60_000)}\r\nconnection: close\r\n\r\n`;
  expect(await talk(service.port, below)).toMatch(/^HTTP\/1\.1 200 /);
});

test('a slow client is closed: 5 s for headers, 10 s for the whole request, and others are served meanwhile', async () => {
  const service = await start({
    handler: (incoming, response) => void incoming.on('end', () => response.end('hello')).resume(),
  });
  const began = performance.now();
  const timed = (text: string) =>
    talk(service.port, text).then((answer) => ({ answer, ms: performance.now() - began }));
  const slow = Promise.all([
    timed('GET / HTTP/1.1\r\nhost: a\r\n'),
    timed('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc'),
  ]);
  const posted = await fetch(service.url, { method: 'POST', body: 'x' });
  expect(await posted.text()).toBe('hello');
  const [headers, body] = await slow;
  expect(headers.answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMEOUT"/);
  expect(headers.ms).toBeGreaterThan(4_900);
  expect(headers.ms).toBeLessThan(9_000);
  expect(body.ms).toBeGreaterThan(9_900);
  expect(body.ms).toBeLessThan(14_000);
});

test('a stop flips readiness first, finishes what is under way, then refuses connections', async () => {
  const [arrived, release] = [gate(), gate()];
  let isClosed = false;
  const service = await start({
    drain: { leadMs: 300, timeoutMs: 5_000 },
    handler: async (incoming, response) => {
      if (incoming.url === '/slow') {
        arrived.open();
        await release.passed;
      }
      response.end(`done ${incoming.url}`);
    },
    onStop: async () => {
      isClosed = true;
    },
  });
  const slow = fetch(`${service.url}/slow`);
  await arrived.passed;
  const stopped = service.stop();

  // During the lead new requests are still served, and told to come back on another connection.
  expect(await getJson(`${service.url}/health/ready`)).toEqual([503, { status: 'not ready', failing: ['stopping'] }]);
  const late = await fetch(`${service.url}/late`);
  expect([await late.text(), late.headers.get('connection')]).toEqual(['done /late', 'close']);
  await waitFor(async () => (await fetch(service.url).catch(() => undefined)) === undefined, {
    what: 'the port to close',
  });
  expect(isClosed).toBe(false);

  release.open();
  expect(await (await slow).text()).toBe('done /slow');
  await stopped;
  expect(isClosed).toBe(true);
  expect(service.stop()).toBe(service.stop());
});

test('a service that another process replaces is ready to the last, on connections that are still open', async () => {
  const service = await start();
  const agent = new Agent({ keepAlive: true });
  const ask = (path: string) =>
    new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      get(service.url + path, { agent }, (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }));
      }).on('error', reject);
    });
  expect(await ask('/')).toEqual({ status: 200, connection: 'keep-alive' });
  const stopped = service.stop({ idleGraceMs: 60_000, staysReady: true });
  await expect(talk(service.port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n')).rejects.toThrow();
  expect(await ask('/health/ready')).toEqual({ status: 200, connection: 'close' });
  await stopped; // its last connection has gone
  agent.destroy();
});

test('idle keep-alive connections and silent ones end with the stop', async () => {
  const service = await start();
  const silent = connect(service.port, '127.0.0.1');
  const closed = new Promise((resolve) => silent.once('close', resolve));
  silent.on('error', () => undefined).resume();
  await new Promise((resolve) => silent.once('connect', resolve));
  // Undici keeps this one open.
  await (await fetch(service.url)).text();
  const began = performance.now();
  await service.stop();
  await closed;
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('an answer that had begun before the stop is finished on its keep-alive connection, which then ends', async () => {
  const [began, release] = [gate(), gate()];
  const service = await start({
    handler: async (_, response) => {
      response.write('first ');
      began.open();
      await release.passed;
      response.end('second');
    },
  });
  let text = '';
  const isClosed = new Promise<void>((resolve) => {
    request(service.url, { agent: false, headers: { connection: 'keep-alive' } }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.socket.once('close', resolve);
    }).end();
  });
  await began.passed;
  const stopped = service.stop();
  release.open();
  await stopped;
  await isClosed;
  expect(text).toBe('first second');
});

test('a request that never ends is cut off after the drain timeout', async () => {
  const arrived = gate();
  const service = await start({
    drain: { leadMs: 0, timeoutMs: 200 },
    handler: () => {
      arrived.open();
      return new Promise(() => undefined);
    },
  });
  const hanging = fetch(service.url).then(
    () => 'answered',
    () => 'cut off',
  );
  await arrived.passed;
  await service.stop();
  expect(await hanging).toBe('cut off');
});

test('a port in use is one clear sentence', async () => {
  const service = await start();
  await expect(start({ port: service.port })).rejects.toThrow(
    `test cannot listen on 127.0.0.1:${service.port}: the port is in use. Name another one, or end what uses it.`,
  );
});
