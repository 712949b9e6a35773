import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphError } from '@weft/errors';
import type { GraphqlAnswer, GraphqlRequest } from '../graphql-request.ts';
import type { OperationContext } from '../operation-context.ts';
import { type GoodTokens, WRITE_TOKEN, WriteTokens } from '../write-tokens.ts';
import type { Exchange, Handle, HttpStage } from './exchange.ts';
import { negotiateMediaType } from './media-type.ts';
import { readRequest } from './read-request.ts';
import { toHttpAnswer, writeAnswer } from './send-response.ts';

export interface HandlerOptions {
  readonly stages: readonly HttpStage[];
  /** Client headers that go on to subgraphs, and so change answers. */
  readonly forward: readonly string[];
  /** Which tokens of earlier writes are believed. */
  readonly goodTokens: GoodTokens;
  readonly maxBodyBytes: number;
  readonly operationTimeoutMs: number;
  readonly answer: (request: GraphqlRequest, context: Omit<OperationContext, 'cacheHints'>) => Promise<GraphqlAnswer>;
}

/** The handler of the HTTP server: the stages around reading, answering and turning the answer into HTTP. */
export function createHandler(
  options: HandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  // answers differ by these request headers; a shared cache must keep them apart: a write token comes as a cookie too
  const vary = ['Accept', 'Authorization', 'Cookie', WRITE_TOKEN, ...options.forward].join(', ');
  const operate: Handle = async (exchange) => {
    const mediaType = negotiateMediaType(exchange.request.headers.accept);
    const request = await readRequest(exchange, { maxBytes: options.maxBodyBytes });
    const writeTokens = new WriteTokens(exchange.request.headers, options.goodTokens);
    const asked = options.answer(request, {
      user: exchange.user,
      forwardedHeaders: exchange.forwardedHeaders,
      signal: exchange.signal,
      deadlineMs: performance.now() + options.operationTimeoutMs,
      writeTokens,
    });
    // What was written is, also where the operation fails as a whole behind it.
    const answer = await asked.finally(() => exchange.tell(writeTokens.answerHeaders(exchange.path)));
    return toHttpAnswer(answer, mediaType, { request: exchange.request, vary });
  };
  const handle = options.stages.reduceRight<Handle>((next, stage) => stage.wrap(next), operate);
  return async (request, response) => {
    writeAnswer(response, await handle(toExchange(request, response)));
  };
}

function toExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { url = '/' } = request;
  const mark = url.indexOf('?');
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new GraphError('REQUEST_TIMEOUT', 'The client left.'));
  });
  return {
    request,
    signal: leaving.signal,
    path: mark === -1 ? url : url.slice(0, mark),
    search: mark === -1 ? '' : url.slice(mark + 1),
    client: undefined,
    user: null,
    forwardedHeaders: {},
    tell(headers) {
      if (response.headersSent) return;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    },
  };
}
