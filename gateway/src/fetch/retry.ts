import type { Copies } from './copies.ts';
import type { FetchReply, FetchRequest, FetchStage } from './fetch.ts';
import { NoAnswerError } from './no-answer.ts';

/** Sends a call once more, where that cannot do anything twice. */
export function retryStage(copies: Copies): FetchStage {
  return {
    name: 'retry',
    does: 'sends a query again, once, when no byte of an answer came; a mutation only when it certainly never arrived',
    wrap: (next) => async (request) => {
      try {
        const reply = await next(request);
        return isTurnedAway(reply, request, copies) ? await next({ ...request, avoid: reply.url }) : reply;
      } catch (error) {
        if (!(error instanceof NoAnswerError) || !mayRepeat(error, request, copies)) throw error;
        return await next({ ...request, avoid: error.url });
      }
    },
  };
}

/** 503: a copy that is stopping, or an intermediary without one. */
function isTurnedAway(reply: FetchReply, request: FetchRequest, copies: Copies): boolean {
  return reply.status === 503 && request.type === 'query' && copies.hasOther(request, reply.url);
}

function mayRepeat(error: NoAnswerError, request: FetchRequest, copies: Copies): boolean {
  if (request.signal.aborted) return false;
  if (error.arrived === 'never') return copies.hasOther(request, error.url); // refused now is refused at once again
  return request.type === 'query'; // also on the same copy: a keep-alive connection may have been closed as we wrote
}
