import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../interface-objects.test.ts');
