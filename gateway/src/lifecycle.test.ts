import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { lifecycleText } from './lifecycle.ts';

test('docs/lifecycle.md is what the stage lists say', async () => {
  const file = new URL('../../docs/lifecycle.md', import.meta.url);
  // print it again: node --conditions=weft-source gateway/src/print-lifecycle.ts > docs/lifecycle.md
  expect(await readFile(file, 'utf8')).toBe(lifecycleText());
});
