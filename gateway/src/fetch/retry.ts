import { isGraphError } from '@weft/errors';
import type { Copies } from './copies.ts';
import type { FetchOutcome, FetchRequest, FetchStage } from './fetch.ts';
import { NoAnswerError } from './no-answer.ts';

/** Sends a call once more, where that cannot do anything twice. */
export function retryStage(copies: Copies): FetchStage {
  return {
    name: 'retry',
    does: 'sends a query again, once, when no byte of an answer came; a mutation only when it certainly never arrived; a call that a circuit turned away goes to another copy',
    wrap: (next) => (request, done) =>
      next(request, (outcome) => {
        const failed = worthAnother(outcome, request, copies);
        if (failed === undefined) return done(outcome);
        request.avoid = failed.url;
        request.fresh = 'error' in outcome && outcome.error instanceof NoAnswerError; // what broke one kept connection may have broken others
        next(request, done);
      }),
  };
}

/** The copy that failed, when the call may be sent again. */
function worthAnother(outcome: FetchOutcome, request: FetchRequest, copies: Copies): { readonly url: URL } | undefined {
  if (request.ended !== undefined) return undefined;
  if ('reply' in outcome) return isTurnedAway(outcome.reply, request, copies) ? outcome.reply : undefined;
  const { error } = outcome;
  // it was not sent
  if (isGraphError(error) && error.code === 'SUBGRAPH_CIRCUIT_OPEN') return otherThan(request.url, request, copies);
  return error instanceof NoAnswerError && mayRepeat(error, request, copies) ? error : undefined;
}

function otherThan(url: URL | undefined, request: FetchRequest, copies: Copies): { readonly url: URL } | undefined {
  return url !== undefined && copies.hasOther(request, url) ? { url } : undefined;
}

/** 503: a copy that is stopping, or an intermediary without one. */
function isTurnedAway(
  reply: { readonly status: number; readonly url: URL },
  request: FetchRequest,
  copies: Copies,
): boolean {
  return reply.status === 503 && request.type === 'query' && copies.hasOther(request, reply.url);
}

function mayRepeat(error: NoAnswerError, request: FetchRequest, copies: Copies): boolean {
  if (error.arrived === 'never') return copies.hasOther(request, error.url); // refused now is refused at once again
  return request.type === 'query'; // also on the same copy: a keep-alive connection may have been closed as we wrote
}
