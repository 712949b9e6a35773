import { expect, test } from '@jest/globals';
import { jobsMigration, queueStatements } from './jobs-migration.ts';

const { name, statements, fingerprint } = jobsMigration({ subgraph: 'orders', name: '0002-jobs', jobs: ['shipping'] });

test('the migration can run inside the transaction of all migrations', () => {
  expect(name).toBe('0002-jobs');
  expect(statements.join('\n')).not.toMatch(/^\s*(begin|commit|set local .*);/im);
  expect(statements.join('\n')).not.toMatch(/create schema/i);
});

test('a job has a queue and one for what was given up', () => {
  expect(statements.slice(1)).toEqual(queueStatements('orders_jobs', 'shipping'));
  expect(statements.slice(1).join()).toMatch(/'shipping'.*'shipping-failed'/);
});

test('the ledger knows the migration by the schema version of pg-boss and by its queues', () => {
  expect(fingerprint).toMatch(/^pg-boss schema \d+; shipping$/);
});
