import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { KNOWN_VARIABLES } from '@weft/config';
import { configText } from './config-text.ts';
import { loadSubgraphSettings, SUBGRAPH_VARIABLES } from './subgraph-settings.ts';

test('docs/subgraph-config.md is what the code says', () => {
  // print it again: node --conditions=weft-source shared/subgraph/src/config/print-document.ts > docs/subgraph-config.md
  expect(readFileSync(new URL('../../../../docs/subgraph-config.md', import.meta.url), 'utf8')).toBe(configText());
});

test('every variable is one that other processes know of', () => {
  expect(Object.keys(SUBGRAPH_VARIABLES).filter((name) => !KNOWN_VARIABLES.includes(name))).toEqual([]);
});

test('without secrets no subgraph starts, in either mode, and a misspelt variable is named', () => {
  const things = { name: 'things', directory: new URL('../../test/fixture/', import.meta.url) };
  const environment = {
    ...{ WEFT_FLEET_FILE: 'fleet.json', WEFT_SHARD_MAP_FILE: 'map.yaml', WEFT_DATABASE_ROLE: 'r', WEFT_PORT: '0' },
    ...{ WEFT_DATABASE_PASSWORD: 'p', WEFT_REDIS_UR: 'redis://127.0.0.1' },
  };
  for (const mode of ['development', 'production']) {
    expect(() => loadSubgraphSettings(things, { ...environment, WEFT_MODE: mode })).toThrow(
      /^The configuration has 2 problems:\n {2}\S+subgraph\.yaml:\d+:\d+ {2}secrets: missing; allowed: secrets .*; set it here or by WEFT_SECRETS\n {2}WEFT_REDIS_UR {2}unknown variable; did you mean WEFT_REDIS_URL\?$/,
    );
  }
});
