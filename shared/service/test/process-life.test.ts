import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly messages: unknown[];
  readonly log: () => string;
  ended(): Promise<{ code: number | null; ms: number }>;
}

async function serve(task = ''): Promise<Served> {
  const program = fileURLToPath(new URL('served-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=weft-source', program, task], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.push(child);
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  if (child.stdout === null) throw new Error('no output');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const ended = async () => {
    const began = performance.now();
    const [code] = await exited;
    return { code, ms: performance.now() - began };
  };
  return { url, child, messages, log: () => log, ended };
}

const arrived = (served: Served, url: string) =>
  waitFor(() => served.messages.some((message) => (message as { arrived?: string }).arrived === url), {
    what: `${url} to arrive`,
  });

test('a parent is told the address when every check passes, and not before', async () => {
  const served = await serve('ready-later');
  expect((await fetch(`${served.url}/health/ready`)).status).toBe(503);
  expect(served.messages).toEqual([]);
  await fetch(`${served.url}/become-ready`);
  await waitFor(() => served.messages.length > 1, { what: 'the message' });
  expect(served.messages).toEqual([{ arrived: '/become-ready' }, { type: 'listening', url: served.url }]);
});

test('SIGTERM finishes what is under way and exits 0', async () => {
  const served = await serve();
  const slow = fetch(`${served.url}/slow`);
  await arrived(served, '/slow');
  served.child.kill('SIGTERM');
  expect(await (await slow).text()).toBe('slow done');
  expect((await served.ended()).code).toBe(0);
  expect(served.log()).toContain('"reason":"SIGTERM"');
});

test('the loss of the parent ends the process as a signal does', async () => {
  const served = await serve();
  served.child.disconnect();
  expect((await served.ended()).code).toBe(0);
  expect(served.log()).toContain('the parent process is gone');
});

test('SIGINT twice at once is one stop, since Ctrl-C reaches a child twice; a later second one exits at once', async () => {
  const served = await serve();
  const hanging = fetch(`${served.url}/never`).catch(() => 'cut off');
  await arrived(served, '/never');
  served.child.kill('SIGINT');
  await waitFor(() => served.log().includes('"reason":"SIGINT"'), { what: 'the first one to be taken' });
  served.child.kill('SIGINT');
  // Nothing is to be seen of a signal that is passed over; a process that took it would be gone by then.
  await delay(300);
  expect(served.child.exitCode).toBeNull();
  const hurry = setInterval(() => served.child.kill('SIGINT'), 200);
  expect((await served.ended()).code).toBe(130);
  clearInterval(hurry);
  expect(await hanging).toBe('cut off');
});

test('a promise that nobody handles is logged and exits 1', async () => {
  const served = await serve();
  await fetch(`${served.url}/reject`).catch(() => undefined);
  expect((await served.ended()).code).toBe(1);
  expect(served.log()).toContain('nobody handles this');
});

/** A client that keeps one connection and asks at most every 100 ms, as a browser or another service does. */
async function keepAsking(port: number, until: () => boolean): Promise<(string | undefined)[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: (string | undefined)[] = [];
  while (!until()) {
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent }, (response) =>
        response.resume().on('end', () => resolve(response.headers)),
      ).on('error', reject);
    });
    answers.push(headers.connection);
    await delay(100);
    if (headers.connection === 'close') break;
  }
  agent.destroy();
  return answers;
}

test('a connection that is idle when SIGTERM comes is told to close with its next answer', async () => {
  const served = await serve();
  let asked = 0;
  const answers = keepAsking(Number(new URL(served.url).port), () => {
    asked += 1;
    if (asked === 4) served.child.kill('SIGTERM');
    return asked > 50;
  });
  expect((await answers).at(-1)).toBe('close');
  expect((await served.ended()).code).toBe(0);
});

test('connections that the parent accepted are served, the last ones after SIGTERM too', async () => {
  const served = await serve();
  const sockets: Socket[] = [];
  const door = createServer({ pauseOnConnect: true }, (socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const ask = async (path: string) => (await fetch(`${url}${path}`, { headers: { connection: 'close' } })).text();
  const hand = async () => {
    await waitFor(() => sockets.length > 0, { what: 'a connection' });
    for (const socket of sockets.splice(0)) served.child.send({ type: 'connection' }, socket);
  };
  served.child.send({ type: 'connections-follow' });
  const first = ask('/first');
  await hand();
  expect(await first).toBe('ok');

  const late = ask('/slow');
  await waitFor(() => sockets.length > 0, { what: 'a connection' });
  served.child.kill('SIGTERM');
  await waitFor(() => served.messages.some((message) => (message as { type?: string }).type === 'stopping'), {
    what: 'word of the stop',
  });
  await hand();
  served.child.send({ type: 'no-more-connections' });
  expect(await late).toBe('slow done');
  expect((await served.ended()).code).toBe(0);
  door.close();
});
