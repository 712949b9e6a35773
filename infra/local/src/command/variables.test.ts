import { expect, test } from '@jest/globals';
import { checkVariables } from './variables.ts';

test('a misspelt variable is refused with the nearest name, and one without effect is told with its option', () => {
  expect(() => checkVariables({ WEFT_LOGLEVEL: 'debug' })).toThrow(
    'npm start: WEFT_LOGLEVEL: unknown variable; did you mean WEFT_LOG_LEVEL?',
  );
  expect(() => checkVariables({ WEFT_REDIS_UR: 'redis://u:hidden@x' })).toThrow(
    /^npm start: WEFT_REDIS_UR: unknown variable; did you mean WEFT_REDIS_URL\?$/,
  );
  expect(
    checkVariables({
      WEFT_REDIS_URL: 'redis://x',
      WEFT_SECRETS: 'x',
      WEFT_LOG_LEVEL: 'warn',
      WEFT_REQUIRE_TOOLS: '1',
      PATH: '',
    }),
  ).toEqual([
    'WEFT_REDIS_URL is set, but npm start does not read it; use --redis.',
    'WEFT_SECRETS is set, but npm start does not read it.',
  ]);
});
