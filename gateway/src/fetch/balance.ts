import { GraphError } from '@weft/errors';
import type { Copies } from './copies.ts';
import type { FetchStage } from './fetch.ts';
import { NoAnswerError } from './no-answer.ts';

/** Spreads calls over the copies of a subgraph in turn, and leaves one alone that cannot be connected to. */
export function balanceStage(copies: Copies): FetchStage {
  return {
    name: 'balance',
    does: 'picks the next copy of the subgraph; one that cannot be connected to is left alone for a moment',
    wrap: (next) => (request, done) => {
      const url = copies.next(request, request.avoid);
      if (url === undefined) {
        const log = { subgraph: request.subgraph };
        return done({ error: new GraphError('SUBREQUEST_HTTP_ERROR', 'A subgraph has no address.', { log }) });
      }
      request.url = url;
      next(request, (outcome) => {
        const error = 'error' in outcome ? outcome.error : undefined;
        if (error instanceof NoAnswerError && error.arrived === 'never') copies.eject(url);
        done(outcome);
      });
    },
  };
}
