import { GraphError, isGraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import type { HttpAnswer, HttpStage } from './exchange.ts';

/** Turns what the stages below throw into answers, so that the stages above see an answer in any case. */
export function answerErrorsStage(telemetry: Telemetry): HttpStage {
  return {
    name: 'answer-errors',
    does: 'turns a refusal of a stage below into a typed answer, and hides what nobody expected',
    wrap: (next) => async (exchange) => {
      try {
        return await next(exchange);
      } catch (error) {
        const shown = isGraphError(error) ? error : unexpected(error, telemetry);
        telemetry.log.debug({ code: shown.code, ...shown.log }, shown.message);
        return toErrorAnswer(shown);
      }
    },
  };
}

function unexpected(error: unknown, telemetry: Telemetry): GraphError {
  telemetry.log.error({ error }, 'A request failed in a way that was not foreseen.');
  const traceId = telemetry.activeSpanContext()?.traceId;
  return new GraphError(
    'INTERNAL_SERVER_ERROR',
    'Internal server error',
    traceId === undefined ? {} : { extensions: { traceId } },
  );
}

function toErrorAnswer(error: GraphError): HttpAnswer {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  };
  if (error.code === 'METHOD_NOT_ALLOWED') headers.allow = 'GET, POST, OPTIONS';
  if (error.code === 'UNAUTHENTICATED') headers['www-authenticate'] = 'Bearer error="invalid_token"';
  if (error.status === 503) headers['retry-after'] = '1';
  return {
    status: error.status,
    headers,
    errors: [{ code: error.code, subgraph: undefined }],
    body: JSON.stringify({ errors: [{ message: error.message, extensions: error.extensions }] }),
  };
}
