import { expect, test } from '@jest/globals';
import { buildSchema, graphql } from 'graphql';
import { ERROR_CODES } from './codes.ts';
import { GraphError } from './graph-error.ts';
import { reportFailure, UserError } from './user-error.ts';

test('graphql-js carries code and extensions to the client, and neither log nor cause', async () => {
  const schema = buildSchema('type Query { a: Int }');
  const a = () => {
    throw new GraphError('SHARD_UNAVAILABLE', 'The row cannot be read now.', {
      extensions: { retryable: true },
      log: { shard: 'shard-2' },
      cause: new Error('ECONNREFUSED 10.0.0.1'),
    });
  };
  const answer = await graphql({ schema, source: '{ a }', rootValue: { a } });
  expect(JSON.parse(JSON.stringify(answer.errors))).toEqual([
    {
      message: 'The row cannot be read now.',
      locations: [{ line: 1, column: 3 }],
      path: ['a'],
      extensions: { retryable: true, code: 'SHARD_UNAVAILABLE' },
    },
  ]);
});

test('extensions cannot replace the code', () => {
  const error = new GraphError('BAD_REQUEST', 'no', { extensions: { code: 'OTHER' } });
  expect(error.extensions).toEqual({ code: 'BAD_REQUEST' });
  expect(error.status).toBe(400);
});

test('every code has a status of HTTP and a meaning that ends as a sentence', () => {
  for (const [code, row] of Object.entries(ERROR_CODES)) {
    expect([code, row.status >= 200 && row.status < 600, row.meaning.endsWith('.')]).toEqual([code, true, true]);
  }
});

test("a user's mistake is printed without a stack and exits 2, a bug with its stack and exits 70", () => {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  expect(reportFailure(new UserError('port 4000 is taken'), print)).toBe(2);
  expect(reportFailure(new TypeError('x is undefined'), print)).toBe(70);
  expect(printed[0]).toBe('port 4000 is taken');
  expect(printed[1]).toMatch(/TypeError: x is undefined\n {4}at /);
});
