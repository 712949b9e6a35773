import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ERROR_CODES } from './codes.ts';
import { errorsDocument } from './errors-document.ts';

test('docs/errors.md is what the table says (npm run document writes it)', () => {
  const file = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  expect(file).toBe(errorsDocument());
});

test('no meaning breaks the table', () => {
  for (const row of Object.values(ERROR_CODES)) expect(row.meaning).not.toMatch(/[|\n]/);
});
