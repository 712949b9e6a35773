import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../faults.test.ts');
