import { expect, test } from '@jest/globals';
import { parseMetrics } from './account.ts';

test('samples are read with their labels, comments and histograms left as they are', () => {
  const text = `# HELP database_statements_total Statements sent to Postgres.
# TYPE database_statements_total counter
database_statements_total{shard="shard-1",server="replica",loader="productById"} 3
odd{text="a \\"quoted\\", one"} 1e3
gateway_requests_in_flight 0
`;
  expect(parseMetrics(text)).toEqual([
    {
      name: 'database_statements_total',
      labels: { shard: 'shard-1', server: 'replica', loader: 'productById' },
      value: 3,
    },
    { name: 'odd', labels: { text: 'a \\"quoted\\", one' }, value: 1_000 },
    { name: 'gateway_requests_in_flight', labels: {}, value: 0 },
  ]);
});
