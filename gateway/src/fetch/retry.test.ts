import { expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { createCopies } from './copies.ts';
import type { FetchOutcome, FetchRequest } from './fetch.ts';
import { retryStage } from './retry.ts';

/** Sends one call to c1, which ends so; gives where it went after that, and over what connection. */
function after(outcome: FetchOutcome, type: 'query' | 'mutation', copies: readonly string[]): string[] {
  const known = createCopies({ ejectMs: 1 });
  known.setOverrides({ a: copies });
  const went: string[] = [];
  const url = new URL('http://c1/');
  const fetch = retryStage(known).wrap((request, done) => {
    went.push(`${request.avoid === undefined ? 'c1' : `not ${request.avoid.host}`}${request.fresh ? ', fresh' : ''}`);
    request.url = url;
    done(outcome);
  });
  const request = { type, subgraph: 'a', address: '', fresh: false } as unknown as FetchRequest;
  fetch(request, () => went.push('done'));
  return went;
}

const BOTH = ['http://c1/', 'http://c2/'];

test('a call that a circuit turned away was not sent: it goes to another copy, a mutation too', () => {
  const turnedAway = { error: new GraphError('SUBGRAPH_CIRCUIT_OPEN', 'left alone') };
  for (const type of ['query', 'mutation'] as const) {
    expect(after(turnedAway, type, BOTH)).toEqual(['c1', 'not c1', 'done']);
    expect(after(turnedAway, type, ['http://c1/'])).toEqual(['c1', 'done']);
  }
});

test('what failed otherwise is not sent again', () => {
  for (const code of ['SUBREQUEST_MALFORMED_RESPONSE', 'SUBGRAPH_TIMEOUT', 'SUBREQUEST_HTTP_ERROR'] as const) {
    expect(after({ error: new GraphError(code, 'x') }, 'query', BOTH)).toEqual(['c1', 'done']);
  }
});
