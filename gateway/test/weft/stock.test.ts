import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../stock.test.ts');
