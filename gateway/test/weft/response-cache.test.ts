import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../response-cache.test.ts');
