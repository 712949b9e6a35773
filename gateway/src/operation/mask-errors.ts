import { type ErrorCode, isErrorCode, isGraphError, messageOf } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { AnsweredError } from '../graphql-request.ts';

/** Codes that @apollo/server gives to what is wrong with a document; their words are about the client's own text. */
const ABOUT_THE_DOCUMENT: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

export interface ErrorMask {
  mask(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
  /** What is counted of an error that `mask` gave. */
  toAnswered(masked: GraphQLFormattedError): AnsweredError;
}

/** What a client may see of an error. Everything else is in the log, under the trace id that the client gets. */
export function createErrorMask(telemetry: Telemetry): ErrorMask {
  const mask = createMask(telemetry);
  const subgraphs = new WeakMap<GraphQLFormattedError, string>();
  return {
    mask(formatted, error) {
      const masked = mask(formatted, error);
      const subgraph = expectedFailure(error)?.log.subgraph;
      if (typeof subgraph === 'string') subgraphs.set(masked, subgraph);
      return masked;
    },
    toAnswered: (masked) => ({ code: String(masked.extensions?.code), subgraph: subgraphs.get(masked) }),
  };
}

function createMask(telemetry: Telemetry): ErrorMask['mask'] {
  return (formatted, error) => {
    const { locations, path } = formatted;
    const place = { ...(locations !== undefined && { locations }), ...(path !== undefined && { path }) };
    const expected = expectedFailure(error);
    if (expected !== undefined) {
      // whoever threw it for an outside reason has logged that once; here it may come a hundred times
      telemetry.log.debug({ code: expected.code, path, ...expected.log, error: expected.cause }, expected.message);
      return { message: expected.message, ...place, extensions: expected.extensions };
    }
    const code = formatted.extensions?.code;
    if (isErrorCode(code) && ABOUT_THE_DOCUMENT.has(code)) {
      return { message: formatted.message, ...place, extensions: { code } };
    }
    telemetry.log.error(
      { error, path, reason: messageOf(error) },
      'An operation failed in a way that was not foreseen.',
    );
    const traceId = telemetry.activeSpanContext()?.traceId;
    return {
      message: 'Internal server error',
      ...(path !== undefined && { path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', ...(traceId !== undefined && { traceId }) },
    };
  };
}

/** The GraphError that graphql-js and @apollo/server have wrapped, however often. */
function expectedFailure(error: unknown) {
  let at: unknown = error;
  for (let depth = 0; depth < 4; depth += 1) {
    if (isGraphError(at)) return at;
    if (!(at instanceof GraphQLError)) return undefined;
    at = at.originalError;
  }
  return undefined;
}
