import { expect, test } from '@jest/globals';
import { createProgress } from './progress.ts';

/** What takes a terminal's line away. */
const ERASED = '\r\u001b[2K';

function output(isTTY: boolean) {
  let text = '';
  return {
    isTTY,
    columns: 60,
    write: (piece: string | Uint8Array) => {
      text += piece;
      return true;
    },
    text: () => text,
  };
}

test('without a terminal each step is a line with its sum and its time, and no control character', async () => {
  const plain = output(false);
  const progress = createProgress(plain);
  await progress.step(
    'Counting',
    async (tell) => {
      tell('sheep', 0.5);
      return 7;
    },
    (sum) => `Counted ${sum}`,
  );
  progress.note('A note.');
  expect(plain.text()).toMatch(/^✓ Counted 7 \(\d\.\d s\)\nA note\.\n$/);
});

test('in a terminal one line moves and shows a bar, and what is done stays above it', async () => {
  const terminal = output(true);
  const progress = createProgress(terminal);
  await progress.step('Seeding', async (tell) => {
    tell('reviews.review', 0.5);
    progress.note('A note in between.');
  });
  const lines = terminal.text().split(ERASED);
  expect(lines.some((line) => /Seeding █{12}░{12} 50 % reviews\.review$/.test(line))).toBe(true);
  expect(lines).toContain('A note in between.\n');
  expect(lines.at(-1)).toMatch(/^✓ Seeding \(\d\.\d s\)\n$/);
});

test('a step that fails takes its line away and hands the failure on', async () => {
  const terminal = output(true);
  const failing = createProgress(terminal).step('Breaking', () => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  expect(terminal.text().endsWith(ERASED)).toBe(true);
});
