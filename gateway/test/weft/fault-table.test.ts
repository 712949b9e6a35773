import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../fault-table.test.ts');
