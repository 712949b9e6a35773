import { expect, test } from '@jest/globals';
import { createShared, type WaitBounds } from './shared-wait.ts';

const patient = (): WaitBounds => ({
  signal: new AbortController().signal,
  deadlineMs: performance.now() + 60_000,
});

test('what many ask for at once is made once, and again when it is asked for later', async () => {
  const shared = createShared<number>();
  let made = 0;
  const work = async () => ++made;
  expect(await Promise.all([1, 2, 3].map(() => shared.get('a', work, patient())))).toEqual([1, 1, 1]);
  expect(await shared.get('b', work, patient())).toBe(2);
  expect(await shared.get('a', work, patient())).toBe(3);
});

test('who leaves is told why; the work goes on for the others and is left with the last of them', async () => {
  const shared = createShared<string>();
  const leaving = [new AbortController(), new AbortController()];
  let left: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    left = signal;
    return new Promise<string>(() => undefined);
  };
  const waits = leaving.map(({ signal }) => shared.get('a', work, { ...patient(), signal }));
  leaving[0]?.abort(new Error('the first left'));
  await expect(waits[0]).rejects.toThrow('the first left');
  expect(left?.aborted).toBe(false);
  leaving[1]?.abort(new Error('the second left'));
  await expect(waits[1]).rejects.toThrow('the second left');
  expect(left?.aborted).toBe(true);
});

test('work that goes on when all have left is joined again; work that was given up is begun anew', async () => {
  const shared = createShared<string>();
  const leave = async (work: (signal: AbortSignal) => Promise<string>): Promise<void> => {
    const leaving = new AbortController();
    const left = shared.get('a', work, { ...patient(), signal: leaving.signal });
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
  };
  let goOn: (made: string) => void = () => undefined;
  await leave(
    () =>
      new Promise((resolve) => {
        goOn = resolve;
      }),
  );
  const joined = shared.get('a', async () => 'anew', patient());
  goOn('went on');
  expect(await joined).toBe('went on');

  let giveUp: () => void = () => undefined;
  await leave(
    (signal) =>
      new Promise((_, reject) => {
        giveUp = () => reject(signal.reason);
      }),
  );
  const again = shared.get('a', async () => 'anew', patient());
  giveUp();
  expect(await again).toBe('anew');
});

test('nobody waits longer than the operation has time', async () => {
  const shared = createShared<never>();
  const late = { ...patient(), deadlineMs: performance.now() };
  await expect(shared.get('a', () => new Promise(() => undefined), late)).rejects.toMatchObject({
    code: 'DEADLINE_EXCEEDED',
  });
});

test('what fails, fails for all who wait, and is tried anew', async () => {
  const shared = createShared<number>();
  let tries = 0;
  const work = async () => {
    if (++tries === 1) throw new Error('once');
    return tries;
  };
  const waits = [1, 2].map(() => shared.get('a', work, patient()));
  for (const wait of waits) await expect(wait).rejects.toThrow('once');
  expect(await shared.get('a', work, patient())).toBe(2);
});
