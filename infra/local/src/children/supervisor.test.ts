import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive } from '@weft/postgres';
import { waitFor } from '@weft/testing';
import type { ChildKind, ChildPlan } from './child.ts';
import { type Child, createSupervisor, type Supervisor } from './supervisor.ts';

let folder: string;
let supervisor: Supervisor;
let notes: string[];
let moved: Child[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-test-children-'));
  notes = [];
  moved = [];
  supervisor = createSupervisor({ onNote: (text) => notes.push(text), onMoved: (child) => moved.push(child) });
});

afterEach(async () => {
  await supervisor.stop(['gateway', 'worker', 'subgraph']);
  await rm(folder, { recursive: true, force: true });
});

const programOf = (name: string): string => fileURLToPath(new URL(`../../test/children/${name}`, import.meta.url));

function plan(name: string, kind: ChildKind, environment: NodeJS.ProcessEnv = {}): ChildPlan {
  return {
    name,
    kind,
    of: name,
    program: programOf('serves.ts'),
    log: join(folder, `${name}.log`),
    environment: { PATH: '/usr/bin:/bin', NAME: name, ...environment },
  };
}

test('a child that dies is said and started again, and its new address is told', async () => {
  const child = await supervisor.start(plan('reviews', 'subgraph'));
  const { pid, url } = child;
  process.kill(pid, 'SIGKILL');
  await waitFor(() => child.pid > 0 && child.pid !== pid && child.url !== url, { what: 'another process' });
  expect(notes[0]).toMatch(/^reviews ended \(signal SIGKILL\); it is started again in 0.25 s\. Log: .*reviews\.log$/);
  await waitFor(() => notes.includes('reviews runs again.'), { what: 'the note' });
  expect(moved).toEqual([child]);
  expect(child.restarts).toBe(1);
});

test('children are stopped kind after kind, in the order that is given', async () => {
  const order = { ORDER_FILE: join(folder, 'order') };
  await Promise.all([
    supervisor.start(plan('products', 'subgraph', order)),
    supervisor.start(plan('orders-worker', 'worker', order)),
    supervisor.start(plan('gateway', 'gateway', order)),
  ]);
  const pids = supervisor.children.map(({ pid }) => pid);
  await supervisor.stop(['gateway', 'worker', 'subgraph']);
  expect(await readFile(order.ORDER_FILE, 'utf8')).toBe('gateway\norders-worker\nproducts\n');
  expect(pids.filter(isAlive)).toEqual([]);
  expect(notes).toEqual([]);
});

test('a child that cannot start is told with the end of its log, and is not tried again', async () => {
  const count = join(folder, 'count');
  const failing = plan('inventory', 'subgraph', { FAIL_FIRST: '1', START_COUNT_FILE: count });
  await expect(supervisor.start(failing)).rejects.toThrow(
    /^inventory did not start \(exit code 2\)\. Its log, .*inventory\.log, ends with:\n {2}no such shard map$/,
  );
  expect(supervisor.children).toEqual([]);
  expect(await readFile(count, 'utf8')).toBe('x');
});

test('a child that fails by its exit code alone is heard too, though it has a channel to us', async () => {
  const failing = { ...plan('orders', 'subgraph'), program: programOf('fails-at-the-end.ts') };
  await expect(supervisor.start(failing)).rejects.toThrow(/orders did not start \(exit code 3\)/);
});

test.each(['serves.ts', 'loads-for-ever.ts'])('SIGKILL of the parent ends a child that %s', async (program) => {
  const parent = spawn(
    process.execPath,
    ['--conditions=weft-source', programOf('parent.ts'), programOf(program), join(folder, 'child.log')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString().trim());
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await waitFor(() => !isAlive(pid), { what: 'the end of the child' });
});
