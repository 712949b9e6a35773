import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { freePort, waitFor } from '@weft/testing';
import { openSharedAddress, type SharedAddress } from '../src/shared-address.ts';

const PROGRAM = fileURLToPath(new URL('greeting-process.ts', import.meta.url));
const children: ChildProcess[] = [];
let address: SharedAddress | undefined;

afterEach(() => {
  address?.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function greeter(name: string): Promise<ChildProcess> {
  const child = fork(PROGRAM, [name], { execArgv: ['--conditions=weft-source'] });
  children.push(child);
  await once(child, 'message');
  return child;
}

/** What a client is told before its connection ends. */
function greeting(port: number): { readonly socket: Socket; readonly told: Promise<string> } {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (part: string) => {
    text += part;
  });
  return { socket, told: new Promise((resolve) => socket.on('error', () => {}).once('close', () => resolve(text))) };
}

test('connections go to the processes in turn, and wait while there is none', async () => {
  const port = await freePort();
  const serving: ChildProcess[] = [];
  address = await openSharedAddress(port, () => serving);
  const early = greeting(port);
  const gone = greeting(port);
  await once(gone.socket, 'connect');
  gone.socket.destroy();
  serving.push(await greeter('a'));
  expect(await early.told).toBe('a');
  serving.push(await greeter('b'));
  const told = await Promise.all(Array.from({ length: 6 }, () => greeting(port).told));
  expect(told.sort()).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
});

test('a process that hangs and is killed breaks what it had, and what had not left goes to another', async () => {
  const port = await freePort();
  const hanging = await greeter('a');
  const serving = [hanging];
  address = await openSharedAddress(port, () => serving);
  hanging.kill('SIGSTOP');
  const clients = Array.from({ length: 8 }, () => greeting(port));
  await Promise.all(clients.map(({ socket }) => once(socket, 'connect')));
  const other = await greeter('b');
  serving.splice(0, 1, other);
  hanging.kill('SIGKILL');
  const told = await Promise.all(clients.map((client) => client.told));
  expect(told.filter((text) => text !== '' && text !== 'b')).toEqual([]);
  await waitFor(async () => (await greeting(port).told) === 'b', { what: 'the other one' });
});

test('a port that is taken is told in one sentence', async () => {
  const port = await freePort();
  address = await openSharedAddress(port, () => []);
  await expect(openSharedAddress(port, () => [])).rejects.toThrow(
    `Port ${port} is in use by another program. Name another one with --port.`,
  );
});
