import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findBinaries } from '../src/binaries.ts';
import { isAlive, sendSignal, waitForExit } from '../src/processes.ts';
import { type FleetProcess, spawnFleet } from './spawn-fleet.ts';

let parent: string;
let directory: string;
let running: FleetProcess[];
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const small = { shards: 1, replicas: 1, durability: 'throwaway' } as const;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-test-crashes-'));
  await chmod(parent, 0o711);
  directory = join(parent, 'data');
  running = [];
});

afterEach(async () => {
  for (const fleet of running) await fleet.stop();
  await rm(parent, { recursive: true, force: true });
});

async function start(...args: Parameters<typeof spawnFleet>): Promise<FleetProcess> {
  const fleet = await spawnFleet(...args);
  running.push(fleet);
  return fleet;
}

const kill = async (child: ChildProcess) => {
  child.kill('SIGKILL');
  await waitForExit(child.pid ?? 0, 5_000);
};
const allGone = async (pids: readonly number[]) =>
  !(await Promise.all(pids.map((pid) => waitForExit(pid, 15_000)))).includes(false);

test('SIGKILL of the parent leaves no server, no keeper and, for a throw-away fleet, no folder', async () => {
  const { child, pids, keeper } = await start({ directory, ...small, removeWhenDone: true });
  // A paused server cannot hear a request to stop; it must go all the same.
  sendSignal(pids[1] ?? 0, 'SIGSTOP');
  await kill(child);
  expect(await allGone([...pids, keeper])).toBe(true);
  expect(existsSync(directory)).toBe(false);
});

test('servers whose parent and keeper were both killed are ended by the next start, which goes on', async () => {
  const first = await start({ directory, ...small });
  sendSignal(first.child.pid ?? 0, 'SIGSTOP'); // so that it cannot start another keeper
  sendSignal(first.keeper, 'SIGKILL');
  await kill(first.child);
  expect(first.pids.map(isAlive)).toEqual([true, true]);

  const second = await start({ directory, ...small });
  expect(second.progress).toContain('Ended database servers that an earlier start had left running.');
  expect(second.pids).toHaveLength(2);
  expect(await allGone(first.pids)).toBe(true);
});

test('a stale postmaster.pid with the pid of a stranger is removed and the stranger left alone', async () => {
  await (await start({ directory, ...small })).stop();
  const stranger = spawn('sleep', ['60'], { ...nobody, stdio: 'ignore' });
  try {
    const file = join(directory, 'servers', 'shard-1', 'postmaster.pid');
    await writeFile(file, `${stranger.pid}\n${join(directory, 'servers', 'shard-1')}\n`);
    const again = await start({ directory, ...small });
    expect(again.failed).toBeUndefined();
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
  } finally {
    stranger.kill();
  }
});

test('a lock whose process is gone, or that was cut off, does not hold', async () => {
  await mkdir(directory);
  await writeFile(join(directory, '.lock'), '{"pid":');
  const { failed, stop } = await start({ directory, ...small, replicas: 0 });
  expect(failed).toBeUndefined();
  await stop();
  // Its pid lives (it is ours), but belongs to a process that started at another time.
  await writeFile(join(directory, '.lock'), JSON.stringify({ pid: process.pid, started: '1' }));
  expect((await start({ directory, ...small, replicas: 0 })).failed).toBeUndefined();
});

test('a normal user without a home starts a fleet too', async () => {
  await chmod(parent, 0o777);
  const { failed, pids } = await start({ directory, ...small }, nobody);
  expect(failed).toBeUndefined();
  expect(pids.every(isAlive)).toBe(true);
});

test('a private folder of the caller itself is opened for passing through, and stays closed for looking', async () => {
  await mkdir(directory, { mode: 0o700 });
  const { failed, progress } = await start({ directory, ...small, replicas: 0 });
  expect(failed).toBeUndefined();
  expect(progress.filter((line) => line.includes('its data is in'))).toEqual([]);
  expect((await stat(directory)).mode & 0o044).toBe(0);
});

test('a folder that cannot be written is told in one sentence', async () => {
  await mkdir(directory, { mode: 0o555 });
  const { failed, user } = await start({ directory: join(directory, 'below'), ...small }, nobody);
  expect(user).toBe(true);
  expect(failed).toMatch(/^The data folder .* cannot be written by this user/);
});

test('a missing Postgres is told in one sentence that says what to do', async () => {
  await expect(findBinaries('sunos-sparc')).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/no Postgres for this machine \(sunos-sparc\).*npm run setup/),
  });
});

(isRoot ? test : test.skip)('below a private folder of root the data lies where Postgres can reach it', async () => {
  await chmod(parent, 0o700);
  const first = await start({ directory, ...small, replicas: 0 });
  expect(first.failed).toBeUndefined();
  const note = first.progress.find((line) => line.includes('nobody')) ?? '';
  const outside = /its data is in (\S+)\.$/.exec(note)?.[1] ?? '';
  expect(await readdir(outside)).toContain('shard-1');
  await first.stop();
  const second = await start({ directory, ...small, replicas: 0, fresh: true, removeWhenDone: true });
  expect(second.failed).toBeUndefined();
  await second.stop();
  expect(existsSync(outside)).toBe(false);
});

(isRoot ? test : test.skip)('a full disk is told in one sentence', async () => {
  await mkdir(directory);
  // A file system of 20 MB that only this process sees, and that goes with it.
  const mount = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=20m tmpfs "$0" && exec "$@"', directory];
  const { failed, user } = await start({ directory, ...small }, {}, mount);
  expect(user).toBe(true);
  expect(failed).toMatch(/^The disk is full: .* Free some space/);
});
