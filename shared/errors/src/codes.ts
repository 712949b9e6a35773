/** How a code behaves: the HTTP status when there is no `data`, whether the same request may work later, what it means. */
export interface ErrorCodeRow {
  readonly status: number;
  /** `later`: the same request may work after a while. `changed`: only another request can work. */
  readonly retry: 'later' | 'changed';
  readonly meaning: string;
}

/** Every error code that a client of the graph can receive. Clients branch on codes, so a row is never renamed or removed. */
export const ERROR_CODES = {
  BAD_REQUEST: { status: 400, retry: 'changed', meaning: 'The HTTP request is not a GraphQL request.' },
  BAD_USER_INPUT: {
    status: 400,
    retry: 'changed',
    meaning: 'A value in the operation or its variables is not allowed.',
  },
  GRAPHQL_PARSE_FAILED: { status: 400, retry: 'changed', meaning: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, retry: 'changed', meaning: 'The document does not fit the schema.' },
  INTROSPECTION_DISABLED: { status: 400, retry: 'changed', meaning: 'The schema is not shown in production.' },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    retry: 'changed',
    meaning: 'The document has several operations and none was named, or the name is not in it.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 200,
    retry: 'changed',
    meaning: 'The hash is not known; send the document with it.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200, retry: 'changed', meaning: 'Send the document itself, not its hash.' },
  LIMIT_EXCEEDED: {
    status: 413,
    retry: 'changed',
    meaning: 'The request body or the document is over a bound: of bytes, root fields or directives.',
  },
  TOO_MANY_TOKENS: { status: 400, retry: 'changed', meaning: 'The document has too many tokens.' },
  MAX_DEPTH_LIMIT: { status: 400, retry: 'changed', meaning: 'The document, or the JSON around it, nests too deep.' },
  MAX_ALIASES_LIMIT: { status: 400, retry: 'changed', meaning: 'The document has too many aliases.' },
  COST_ESTIMATED_TOO_EXPENSIVE: {
    status: 400,
    retry: 'changed',
    meaning:
      'The operation asks for too much, once its fragments are spread out and its lists are filled, or is too large to be planned.',
  },
  QUERY_PLANNING_FAILED: {
    status: 422,
    retry: 'changed',
    meaning:
      'The operation is valid, but no way is known to ask the subgraphs for it; written in another way it may be answered.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retry: 'changed',
    meaning: 'This HTTP method is not served here, or cannot run a mutation.',
  },
  NOT_FOUND: { status: 404, retry: 'changed', meaning: 'Nothing is served at this path.' },
  NOT_ACCEPTABLE: { status: 406, retry: 'changed', meaning: 'No media type in Accept is one that is served.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    retry: 'changed',
    meaning: 'The Content-Type of the request is not one that is read.',
  },
  HEADERS_TOO_LARGE: { status: 431, retry: 'changed', meaning: 'The request headers are too large.' },
  REQUEST_TIMEOUT: { status: 408, retry: 'later', meaning: 'The request did not arrive in time.' },
  CSRF_REFUSED: {
    status: 400,
    retry: 'changed',
    meaning: 'A browser could have been made to send this request; add a header that needs a preflight.',
  },
  UNAUTHENTICATED: { status: 401, retry: 'changed', meaning: 'A valid token is needed.' },
  UNAUTHORIZED_FIELD_OR_TYPE: { status: 403, retry: 'changed', meaning: 'The caller may not see this field.' },
  REQUEST_RATE_LIMITED: { status: 429, retry: 'later', meaning: 'Too many requests from this caller.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    retry: 'changed',
    meaning: 'The idempotency key was used before with another input.',
  },
  JOB_NOT_CANCELABLE: {
    status: 409,
    retry: 'changed',
    meaning: 'The job has ended, or is too far to be taken back.',
  },
  PRODUCT_NOT_FOUND: { status: 404, retry: 'changed', meaning: 'There is no such product in the shop.' },
  ENTITY_NOT_FOUND: {
    status: 404,
    retry: 'changed',
    meaning: 'An object that the answer refers to is not there any more, and this field of it must not be null.',
  },
  SUBREQUEST_HTTP_ERROR: {
    status: 502,
    retry: 'later',
    meaning: 'A subgraph could not be reached or refused the request.',
  },
  SUBREQUEST_MALFORMED_RESPONSE: {
    status: 502,
    retry: 'later',
    meaning: 'A subgraph answered something that is not a GraphQL response.',
  },
  DOWNSTREAM_SERVICE_ERROR: {
    status: 502,
    retry: 'later',
    meaning: 'A subgraph answered this field with an error of its own, which is not shown.',
  },
  SUBGRAPH_TIMEOUT: {
    status: 504,
    retry: 'later',
    meaning: 'A subgraph did not answer in the time that was left for it.',
  },
  SUBGRAPH_CIRCUIT_OPEN: {
    status: 503,
    retry: 'later',
    meaning: 'A subgraph failed too often and is left alone for a moment.',
  },
  SHARD_UNAVAILABLE: {
    status: 503,
    retry: 'later',
    meaning: 'The rows asked for live on a database shard that cannot be read now.',
  },
  DATABASE_BUSY: { status: 503, retry: 'later', meaning: 'No database connection was free in time.' },
  PLANNING_BUSY: { status: 503, retry: 'later', meaning: 'Too many operations wait to be planned.' },
  DEADLINE_EXCEEDED: { status: 504, retry: 'later', meaning: 'The time for this operation is over.' },
  SHUTTING_DOWN: { status: 503, retry: 'later', meaning: 'This process is stopping; another one serves.' },
  SUPERGRAPH_INVALID: { status: 500, retry: 'changed', meaning: 'The supergraph cannot be loaded.' },
  CONFIG_INVALID: { status: 500, retry: 'changed', meaning: 'The configuration is not valid.' },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    retry: 'later',
    meaning: 'Something failed that should not have; the log has it under the trace id.',
  },
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** True for a code of the table; subgraphs that are not ours send codes of their own. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code);
}
