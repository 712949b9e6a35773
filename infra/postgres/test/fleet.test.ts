import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { endPostmaster, type Fleet, type Server, startFleet } from '../src/index.ts';
import { isAlive, sendSignal, waitForExit } from '../src/processes.ts';

let directory: string;
let fleet: Fleet;
const exits: string[] = [];

const start = () =>
  startFleet({ directory, shards: 2, replicas: 1, durability: 'throwaway', onExit: ({ name }) => exits.push(name) });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-test-postgres-'));
  await chmod(directory, 0o711);
  fleet = await start();
});

afterAll(async () => {
  await fleet.stop();
  await rm(directory, { recursive: true, force: true });
});

async function query(server: Server, text: string, password = fleet.superuser.password): Promise<unknown[]> {
  const { host, port } = server;
  const { user } = fleet.superuser;
  const client = new Client({ host, port, user, password, database: 'weft', connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows.map((row: Record<string, unknown>) => Object.values(row)[0]);
  } finally {
    await client.end().catch(() => {});
  }
}

async function eventually<T>(what: string, read: () => Promise<T> | T, wanted: T): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await Promise.resolve(read()).catch((error: unknown) => String(error));
    if (value === wanted) return;
    if (Date.now() > end) throw new Error(`${what}: ${String(value)} instead of ${String(wanted)}`);
    await delay(20);
  }
}

const shard = (index: number) => {
  const found = fleet.shards[index];
  if (!found?.replicas[0]) throw new Error('no such shard');
  return { primary: found.primary, replica: found.replicas[0] };
};

test('each shard is a primary with a replica that follows it and refuses writes', async () => {
  const { primary, replica } = shard(0);
  await query(primary, 'create table kept as select 7 as n');
  await eventually('the row on the replica', async () => (await query(replica, 'select n from kept'))[0], 7);
  await expect(query(replica, 'insert into kept values (8)')).rejects.toThrow(/read-only/);
  await expect(query(shard(1).primary, 'select n from kept')).rejects.toThrow(/does not exist/);
});

test('only who knows the password gets in, and the passwords lie in one file for its owner alone', async () => {
  await expect(query(shard(0).primary, 'select 1', 'wrong')).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(directory, 'secrets.json'))).mode & 0o777).toBe(0o600);
  const file = await readFile(fleet.file, 'utf8');
  expect(JSON.parse(file)).toEqual(fleet.addresses);
  expect(file).not.toContain(fleet.superuser.password);
});

test('a folder in use is refused in one sentence', async () => {
  await expect(start()).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/is in use by another running Weft \(process \d+\)/),
  });
});

test('a paused server keeps its connections and answers nothing until it is resumed', async () => {
  const { primary } = shard(1);
  await fleet.pause(primary);
  await expect(query(primary, 'select 1')).rejects.toThrow(/timeout/i);
  await fleet.resume(primary);
  await expect(query(primary, 'select 1')).resolves.toEqual([1]);
});

test('a killed server stays down until it is started, with its data, and its replica follows again', async () => {
  const { primary, replica } = shard(0);
  await fleet.kill(primary);
  await expect(query(primary, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  // Its pid is 0 now, and to the kernel that is everyone.
  await expect(fleet.kill(primary)).rejects.toThrow('shard-1 does not run');
  await fleet.start(primary);
  await query(primary, 'insert into kept values (8)');
  await eventually('the new row', async () => (await query(replica, 'select count(*)::int from kept'))[0], 2);
  expect(exits).toEqual([]);
});

test('a server that ends by itself is reported once', async () => {
  const { replica } = shard(1);
  await endPostmaster(replica.pid);
  await eventually('the report', () => exits.join(), replica.name);
  expect(replica.pid).toBe(0);
  await fleet.start(replica);
  await expect(query(replica, 'select 1')).resolves.toEqual([1]);
});

test('a keeper that is killed is replaced, and the new one watches and ends every server', async () => {
  const before = fleet.keeperPid();
  sendSignal(before, 'SIGKILL');
  await eventually('a new keeper', () => fleet.keeperPid() !== before && isAlive(fleet.keeperPid()), true);
  await expect(query(shard(0).primary, 'select 1')).resolves.toEqual([1]);
  exits.length = 0;
  const { replica } = shard(0);
  await endPostmaster(replica.pid);
  await eventually('the report', () => exits.join(), replica.name);
  await fleet.start(replica);
  const pids = fleet.servers.map(({ pid }) => pid);
  await fleet.stop();
  expect(await Promise.all(pids.map((pid) => waitForExit(pid, 1_000)))).not.toContain(false);
});

test('a second start finds data, passwords and ports as they were', async () => {
  const before = { addresses: fleet.addresses, superuser: fleet.superuser };
  fleet = await start();
  expect({ addresses: fleet.addresses, superuser: fleet.superuser }).toEqual(before);
  await expect(query(shard(0).primary, 'select count(*)::int from kept')).resolves.toEqual([2]);
});

test('a replica that is added later is copied from its primary', async () => {
  await fleet.stop();
  fleet = await startFleet({ directory, shards: 2, replicas: 2, durability: 'throwaway' });
  const added = fleet.shards[0]?.replicas[1];
  if (!added) throw new Error('no second replica');
  await expect(query(added, 'select count(*)::int from kept')).resolves.toEqual([2]);
});

test('a fresh start keeps nothing, and what is kept is written through to the disk', async () => {
  await fleet.stop();
  fleet = await startFleet({ directory, shards: 1, replicas: 0, fresh: true });
  const [primary] = fleet.servers;
  if (!primary) throw new Error('no server');
  await expect(query(primary, 'select * from kept')).rejects.toThrow(/does not exist/);
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await expect(query(primary, `show ${setting}`)).resolves.toEqual(['on']);
});
