import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAlive, processTree } from '@weft/postgres';
import { waitFor } from '@weft/testing';
import { CLONE } from '../src/data/clone.ts';
import { type NpmStart, startCommand, startedBy } from './npm-start.ts';

/** Whoever ends `npm start` (a terminal, timeout, systemd, docker) knows the pid of npm or of its shell, and no other. */
let parent: string;
const trees: number[][] = [];

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-test-parent-'));
});

afterAll(async () => {
  for (const pid of trees.flat()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

/** All processes under it, when databases are among them. */
async function whenPostgresRuns(started: NpmStart): Promise<readonly number[]> {
  await waitFor(() => started.stderr().includes('Postgres: 3 shards'), { what: 'Postgres', timeoutMs: 100_000 });
  const tree = processTree(started.pid);
  trees.push(tree);
  expect(tree.length).toBeGreaterThan(8);
  return tree;
}

const allGone = (pids: readonly number[]) =>
  waitFor(() => !pids.some(isAlive), { what: `the end of ${pids.length} processes`, timeoutMs: 40_000 });

test('npm that gets SIGTERM passes it on, and ends when everything has ended', async () => {
  const folder = join(parent, 'npm');
  await mkdir(folder);
  const start = `cd ${CLONE} && ${await startCommand()}`;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'started', scripts: { start } }));
  const npm = startedBy(['npm', 'start', '--', '--data', join(folder, 'data')], folder);
  const tree = await whenPostgresRuns(npm);
  npm.child.kill('SIGTERM');
  await npm.ended;
  expect(tree.filter(isAlive)).toEqual([]);
});

test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'a shell that %s takes leaves no process behind',
  async (signal) => {
    const command = (await startCommand()).replace(/^exec /, '');
    const shell = startedBy(['sh', '-c', `${command} --data ${join(parent, 'shell')}; true`]);
    const tree = await whenPostgresRuns(shell);
    shell.child.kill(signal);
    await allGone(tree);
  },
);
