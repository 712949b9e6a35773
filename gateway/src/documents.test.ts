import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { configText } from './config/config-text.ts';
import { lifecycleText } from './lifecycle.ts';

for (const [name, text] of Object.entries({ lifecycle: lifecycleText, config: configText })) {
  test(`docs/${name}.md is what the code says`, async () => {
    // print it again: node --conditions=weft-source gateway/src/print-document.ts NAME > docs/NAME.md
    expect(await readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')).toBe(text());
  });
}
