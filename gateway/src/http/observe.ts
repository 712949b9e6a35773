import { ERROR_CODES, isErrorCode } from '@weft/errors';
import { ATTRIBUTES, createEarnedLabel, METRICS, SPANS, type Telemetry } from '@weft/telemetry';
import type { HttpAnswer, HttpStage } from './exchange.ts';

export interface ObserveOptions {
  readonly telemetry: Telemetry;
  /** Names of operations that have a label whatever is sent. */
  readonly knownOperations: readonly string[];
}

/** Labels for what clients name themselves. */
const OPERATIONS = { most: 200, after: 20 };
const CLIENTS = { most: 50, after: 20 };

/** The span gateway.operation, and every count of requests and errors. */
export function observeStage({ telemetry, knownOperations }: ObserveOptions): HttpStage {
  const requests = telemetry.counter(METRICS.gateway_requests_total);
  const errors = telemetry.counter(METRICS.gateway_errors_total);
  const seconds = telemetry.histogram(METRICS.gateway_request_duration_seconds);
  const inFlight = telemetry.gauge(METRICS.gateway_requests_in_flight);
  const operationLabel = createEarnedLabel({
    ...OPERATIONS,
    reserved: knownOperations,
    onLost(name) {
      for (const metric of [requests, errors, seconds]) void metric.forget('operation', name);
    },
  });
  const clientLabel = createEarnedLabel({ ...CLIENTS, onLost: (name) => void requests.forget('client', name) });
  const count = (answer: HttpAnswer, client: string | undefined, started: number): void => {
    const { status, operation } = answer;
    const good = isGood(answer);
    // only names of operations that exist
    const label = operationLabel(status < 400 ? operation?.name : undefined, good);
    requests.add({ operation: label, status, client: clientLabel(client, good) });
    seconds.observe({ operation: label }, (performance.now() - started) / 1_000);
    for (const { code, subgraph = 'none' } of answer.errors ?? []) errors.add({ code, subgraph, operation: label });
  };
  return {
    name: 'observe',
    does: "opens the span gateway.operation as a child of the client's trace, counts request and errors and takes the time",
    wrap: (next) => async (exchange) => {
      const { headers, method = '' } = exchange.request;
      const started = performance.now();
      inFlight.add({});
      const parent = telemetry.extractTrace(headers);
      const attributes = { [ATTRIBUTES.httpMethod]: method };
      try {
        return await telemetry.span(SPANS.gatewayOperation, { parent, kind: 'server', attributes }, async (span) => {
          const answer = await next(exchange);
          if (span.recording) {
            span.setAttributes({
              [ATTRIBUTES.httpStatus]: answer.status,
              [ATTRIBUTES.operationName]: answer.operation?.name,
              [ATTRIBUTES.operationType]: answer.operation?.type,
            });
          }
          count(answer, exchange.client, started);
          return answer;
        });
      } finally {
        inFlight.add({}, -1);
      }
    },
  };
}

/** Nothing of it was a mistake of the client. */
function isGood({ status, errors = [] }: HttpAnswer): boolean {
  if (status >= 400 && status < 500) return false;
  return errors.every(({ code }) => !isErrorCode(code) || ERROR_CODES[code].status >= 500);
}
