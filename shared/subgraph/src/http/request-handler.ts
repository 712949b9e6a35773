import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '@weft/database';
import { isGraphError } from '@weft/errors';
import type { Ids } from '@weft/ids';
import { type Identity, INTERNAL_HEADERS, sendError, type UserTokens, type WriteTokens } from '@weft/service';
import { ATTRIBUTES, createEarnedLabel, METRICS, SPANS, type Span, type Telemetry } from '@weft/telemetry';
import type { SubgraphContext } from '../subgraph-context.ts';
import type { Engine, EngineAnswer } from './engine.ts';
import { type ReadOperationOptions, readOperation } from './read-operation.ts';
import { startRequestDeadline, untilAborted } from './request-deadline.ts';

export interface RequestHandlerOptions<T> extends ReadOperationOptions {
  readonly subgraph: string;
  readonly engine: Engine<T>;
  readonly database: Pick<Database<T>, 'begin'>;
  readonly users: UserTokens;
  readonly writeTokens: WriteTokens;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly requestTimeoutMs: number;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The way of one request through a subgraph; each line of `answer` is a stage, in the order that they run. */
export function createRequestHandler<T>(options: RequestHandlerOptions<T>): RequestHandler {
  const { telemetry, subgraph } = options;
  const record = createRecorder(telemetry);
  const tellRefusal = createRefusalLog(telemetry);
  return async (request, response) => {
    const startedAt = performance.now();
    const parent = telemetry.extractTrace(request.headers);
    const attributes = { [ATTRIBUTES.subgraph]: subgraph };
    await telemetry.span(SPANS.subgraphOperation, { parent, kind: 'server', attributes }, async (span) => {
      let answer: EngineAnswer | undefined;
      try {
        answer = await answerRequest(request, response, options);
        send(response, answer);
      } catch (error) {
        span.recordError(error);
        tellRefusal(error);
        sendError(response, error, telemetry);
      }
      record(span, answer, response.statusCode, startedAt);
    });
  };
}

async function answerRequest<T>(
  request: IncomingMessage,
  response: ServerResponse,
  options: RequestHandlerOptions<T>,
): Promise<EngineAnswer> {
  // First, so that whatever waits below waits within it.
  const { signal, deadline, end } = startRequestDeadline(request, response, options.requestTimeoutMs);
  try {
    const body = await readOperation(request, options);
    const user = await readUser(request, options.users);
    const { ids, telemetry } = options;
    const tokens = options.writeTokens.read(request.headers[INTERNAL_HEADERS.writeToken]);
    const session = options.database.begin({ signal, deadline, tokens });
    const context: SubgraphContext<T> = { user, session, signal, ids, telemetry };
    const executing = options.engine.execute({ body, accept: request.headers.accept }, context);
    try {
      return await untilAborted(signal, executing);
    } finally {
      // What was committed is, also where the time was over before its answer.
      const written = options.writeTokens.format(session.tokens());
      if (written !== undefined) response.setHeader(INTERNAL_HEADERS.writeToken, written);
    }
  } finally {
    end();
  }
}

/** Null for an anonymous caller. Throws UNAUTHENTICATED for a token that does not hold: it is never taken for none. */
async function readUser(request: IncomingMessage, users: UserTokens): Promise<Identity | null> {
  const token = request.headers[INTERNAL_HEADERS.user];
  return token === undefined ? null : users.verify(String(token));
}

function send(response: ServerResponse, { status, headers, body }: EngineAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Counts what was refused as a whole. Logged are those that an operator has to see: a gateway with another secret looks
 * like any stranger from outside, and the reason never leaves the process.
 */
function createRefusalLog(telemetry: Telemetry): (error: unknown) => void {
  const errors = telemetry.counter(METRICS.subgraph_errors_total);
  return (error) => {
    errors.add({ code: isGraphError(error) ? error.code : 'INTERNAL_SERVER_ERROR' });
    if (!isGraphError(error)) return; // sendError logs what nobody expected
    if (error.code === 'UNAUTHENTICATED' || error.status >= 500)
      telemetry.log.warn({ error }, 'A request was refused.');
  };
}

/** Counts and describes what was answered. Operations are named by clients, so their label is bounded. */
function createRecorder(telemetry: Telemetry) {
  const requests = telemetry.counter(METRICS.subgraph_requests_total);
  const durations = telemetry.histogram(METRICS.subgraph_request_duration_seconds);
  const label = createEarnedLabel({
    most: 200,
    after: 20,
    onLost(name) {
      for (const metric of [requests, durations]) void metric.forget('operation', name);
    },
  });
  return (span: Span, answer: EngineAnswer | undefined, status: number, startedAt: number): void => {
    // Only an operation that was found in a valid document has a name; refused requests share one label.
    const operation = answer?.operationType === undefined ? 'refused' : label(answer.operationName, status < 400);
    requests.add({ operation, status });
    durations.observe({ operation }, (performance.now() - startedAt) / 1_000);
    span.setAttributes({
      [ATTRIBUTES.operationName]: answer?.operationName,
      [ATTRIBUTES.operationType]: answer?.operationType,
      [ATTRIBUTES.httpStatus]: status,
    });
  };
}
