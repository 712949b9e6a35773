import type { ServerResponse } from 'node:http';
import { ERROR_CODES, GraphError, isGraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';

/** The body of a response that has only one error, as GraphQL over HTTP wants it. */
export function errorBody(error: GraphError): string {
  return JSON.stringify({ errors: [{ message: error.message, extensions: error.extensions }] });
}

/**
 * Answers a request that has no `data` with its error: an expected failure as it is, anything else as
 * INTERNAL_SERVER_ERROR with the trace id under which the log has it. When the answer had begun, the connection ends.
 */
export function sendError(response: ServerResponse, error: unknown, telemetry: Telemetry): void {
  const shown = isGraphError(error) ? error : bug(error, telemetry);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (shown.status === 503) response.setHeader('retry-after', '1');
  const body = errorBody(shown);
  response.writeHead(shown.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

function bug(error: unknown, telemetry: Telemetry): GraphError {
  telemetry.log.error({ error }, 'A request failed that should not have.');
  const trace = telemetry.activeSpanContext()?.traceId;
  return new GraphError(
    'INTERNAL_SERVER_ERROR',
    'Something went wrong.',
    trace === undefined ? {} : { extensions: { traceId: trace } },
  );
}

/** For sockets that have no request: what the HTTP parser refused. */
export function rawErrorResponse(code: 'BAD_REQUEST' | 'HEADERS_TOO_LARGE' | 'REQUEST_TIMEOUT'): string {
  const error = new GraphError(code, ERROR_CODES[code].meaning);
  const body = errorBody(error);
  const reasons = {
    BAD_REQUEST: 'Bad Request',
    HEADERS_TOO_LARGE: 'Request Header Fields Too Large',
    REQUEST_TIMEOUT: 'Request Timeout',
  };
  return [
    `HTTP/1.1 ${error.status} ${reasons[code]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
