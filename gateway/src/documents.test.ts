import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { KNOWN_VARIABLES } from '@weft/config';
import { configText } from './config/config-text.ts';
import { GATEWAY_VARIABLES } from './config/index.ts';
import { lifecycleText } from './lifecycle.ts';

for (const [name, text] of Object.entries({ lifecycle: lifecycleText, config: configText })) {
  test(`docs/${name}.md is what the code says`, async () => {
    // print it again: node --conditions=weft-source gateway/src/print-document.ts NAME > docs/NAME.md
    expect(await readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')).toBe(text());
  });
}

test('every variable is one that other processes know of', () => {
  expect(Object.keys(GATEWAY_VARIABLES).filter((name) => !KNOWN_VARIABLES.includes(name))).toEqual([]);
});
