import { testWith } from '../engine-under-test.ts';

testWith('weft');
await import('../graphql-over-http.test.ts');
