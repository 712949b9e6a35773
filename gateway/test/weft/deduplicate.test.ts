import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../deduplicate.test.ts');
