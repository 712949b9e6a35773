import { isErrorCode, isGraphError } from '@weft/errors';
import { METRICS, type Telemetry } from '@weft/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** What graphql-js and Apollo Server refuse by themselves; their messages speak of the operation and the schema only. */
const CODES_OF_THE_ENGINE: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

export type MaskError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Decides what of an error leaves the process. GraphErrors do as they are; anything else is a bug: the gateway gets
 * INTERNAL_SERVER_ERROR with the id of the trace, the log gets all of it.
 */
export function createErrorMask(telemetry: Telemetry): MaskError {
  const errors = telemetry.counter(METRICS.subgraph_errors_total);
  return (formatted, error) => {
    const thrown = thrownBy(error);
    const code = formatted.extensions?.code;
    const label = isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR';
    errors.add({ code: label });
    if (isGraphError(thrown)) {
      if (thrown.status >= 500) telemetry.log.warn({ error: thrown, path: formatted.path }, 'A field failed.');
      return formatted;
    }
    if (thrown instanceof GraphQLError && CODES_OF_THE_ENGINE.has(code)) return formatted;
    telemetry.log.error({ error: thrown, path: formatted.path }, 'A bug: a resolver threw what is not a GraphError.');
    return internalError(formatted, telemetry.activeSpanContext()?.traceId);
  };
}

function internalError(formatted: GraphQLFormattedError, traceId: string | undefined): GraphQLFormattedError {
  return {
    message: 'Something failed in this subgraph.',
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(traceId !== undefined && { traceId }) },
  };
}

/** graphql-js wraps what a resolver or a scalar threw, some places twice. */
function thrownBy(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError && current.originalError !== undefined) current = current.originalError;
  return current;
}
