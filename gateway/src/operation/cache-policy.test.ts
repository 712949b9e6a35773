import { expect, test } from '@jest/globals';
import { createCacheHints, parseCacheControl } from './cache-policy.ts';

const fold = (...headers: (string | undefined)[]) => {
  const hints = createCacheHints();
  for (const header of headers) hints.add(header);
  return hints.policy();
};

test('the strictest of all headers counts, in age and in scope', () => {
  expect(fold('max-age=60, public', 'public, max-age=30')).toEqual({ maxAgeSeconds: 30, scope: 'public' });
  expect(fold('max-age=60, public', 'private, max-age=90')).toEqual({ maxAgeSeconds: 60, scope: 'private' });
  expect(fold('max-age=60, public', 'max-age=90')).toEqual({ maxAgeSeconds: 60, scope: 'unsaid' });
  expect(fold('Max-Age="60", Public')).toEqual({ maxAgeSeconds: 60, scope: 'public' });
});

test('nothing is kept when one answer says so, says nothing, or says it badly', () => {
  expect(fold()).toBeUndefined();
  for (const header of [
    undefined,
    '',
    'public',
    'no-store',
    'no-cache, max-age=5',
    'max-age=-1',
    'max-age=1e9',
    'max-age=0',
  ]) {
    expect([header, parseCacheControl(header)]).toEqual([header, undefined]);
    expect(fold('public, max-age=60', header)).toBeUndefined();
    expect(fold(header, 'public, max-age=60')).toBeUndefined();
  }
});
