import { expect, test } from '@jest/globals';
import { isAlive, processTree, sendSignal, startTimeOf } from './processes.ts';

test('no signal is ever sent to a group, to init or to everyone', () => {
  for (const pid of [0, 1, -1, Number.NaN, 1.5]) {
    expect(() => sendSignal(pid, 'SIGCONT')).toThrow('no process of ours');
    expect(() => processTree(pid)).toThrow('no process of ours');
  }
});

test('this process is alive, has a start time, and is in the tree of its parent', () => {
  expect(isAlive(process.pid)).toBe(true);
  if (process.platform === 'linux') expect(startTimeOf(process.pid)).toMatch(/^\d+$/);
  expect(processTree(process.ppid)).toContain(process.pid);
});

test('a pid that nobody has is not alive', () => {
  for (const pid of [2 ** 22 + 1, 0, -1]) expect(isAlive(pid)).toBe(false); // the first is above the largest pid of Linux
});
