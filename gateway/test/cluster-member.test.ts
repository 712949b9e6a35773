import cluster from 'node:cluster';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { type Member, startMember } from '../src/cluster/member.ts';

beforeAll(() => {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('./cluster/mute-worker.ts', import.meta.url)),
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    args: [],
    serialization: 'advanced',
  });
});

const members: Member[] = [];
afterEach(async () => {
  for (const member of members) member.kill();
  await Promise.all(members.splice(0).map(({ exited }) => exited));
});

async function serving(onAskMetrics: () => Promise<string> = async () => ''): Promise<Member> {
  const member = startMember(undefined, onAskMetrics);
  members.push(member);
  await member.serves;
  return member;
}

/** The two ends of as many connections. */
async function connections(count: number): Promise<{ accepted: Socket[]; clients: Socket[] }> {
  const accepted: Socket[] = [];
  const server = createServer((socket) => void accepted.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const clients = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await waitFor(() => accepted.length === count, { what: 'the connections' });
  server.close();
  return { accepted, clients };
}

test('it serves until it is told to leave or to stop, not until it has', async () => {
  for (const end of [(member: Member) => member.tell({ type: 'leave' }), (member: Member) => member.stop()]) {
    const member = await serving();
    expect(member.isServing()).toBe(true);
    end(member);
    expect(member.isServing()).toBe(false);
    expect(await member.count()).toEqual([]); // it has not ended
  }
});

test('a connection that it cannot be given is left to another one', async () => {
  const [ended, other] = [await serving(), await serving()];
  const { accepted, clients } = await connections(3);
  process.kill(ended.pid, 'SIGSTOP'); // the first connection does not come, and the others wait for it
  const refused: Socket[] = [];
  for (const socket of accepted.slice(0, 2)) ended.take(socket, () => void refused.push(socket));
  ended.kill();
  await ended.exited;
  await waitFor(() => refused.length === 1, { what: 'the connection to come back' });
  expect(refused).toEqual([accepted[1]]);
  for (const socket of accepted.slice(2)) ended.take(socket, () => void refused.push(socket));
  await waitFor(() => refused.length === 2, { what: 'the connection to come back' });
  const unexpected = () => {
    throw new Error('refused by one that serves');
  };
  for (const socket of refused) other.take(socket, unexpected);
  expect(await Promise.all(clients.slice(1).map(text))).toEqual(['taken', 'taken']);
  clients[0]?.destroy();
});

test('nothing of a count is kept, and those that are waited for end with it', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const member = await serving();
  const kept: WeakRef<object>[] = [];
  const countOften = async (): Promise<void> => {
    for (let time = 0; time < 10; time += 1) kept.push(new WeakRef((await member.count()) as object));
  };
  await countOften();
  await member.count(); // its last counts are kept
  const freed = async (): Promise<boolean> => {
    await delay(0); // a WeakRef that was looked at lives until the end of its turn
    gc();
    return kept.every((one) => one.deref() === undefined);
  };
  await waitFor(freed, { timeoutMs: 5_000, what: 'the counts to be freed' });
  process.kill(member.pid, 'SIGSTOP');
  const waiting = member.count();
  member.kill();
  expect(await waiting).toBeUndefined();
  expect(await member.count()).toBeUndefined();
});

test('metrics that cannot be told end nothing', async () => {
  const rejected: unknown[] = [];
  const listener = (error: unknown): void => void rejected.push(error);
  process.on('unhandledRejection', listener);
  let asked = false;
  const member = await serving(async () => {
    asked = true;
    throw new Error('no metrics');
  });
  await waitFor(() => asked, { what: 'the question' });
  expect(await member.count()).toEqual([]);
  expect(rejected).toEqual([]);
  process.off('unhandledRejection', listener);
});
