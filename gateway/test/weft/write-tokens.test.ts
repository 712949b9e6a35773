import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../write-tokens.test.ts');
