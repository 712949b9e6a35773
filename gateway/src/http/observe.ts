import { ATTRIBUTES, createBoundedLabel, METRICS, SPANS, type Telemetry } from '@weft/telemetry';
import type { HttpStage } from './exchange.ts';

/** The span gateway.operation, and every count of requests. */
export function observeStage(telemetry: Telemetry): HttpStage {
  const requests = telemetry.counter(METRICS.gateway_requests_total);
  const seconds = telemetry.histogram(METRICS.gateway_request_duration_seconds);
  const inFlight = telemetry.gauge(METRICS.gateway_requests_in_flight);
  const operationLabel = createBoundedLabel();
  const clientLabel = createBoundedLabel();
  return {
    name: 'observe',
    does: "opens the span gateway.operation as a child of the client's trace, counts the request and takes its time",
    wrap: (next) => async (exchange) => {
      const { headers, method = '' } = exchange.request;
      const started = performance.now();
      inFlight.add({});
      const parent = telemetry.extractTrace(headers);
      const attributes = { [ATTRIBUTES.httpMethod]: method };
      try {
        return await telemetry.span(SPANS.gatewayOperation, { parent, kind: 'server', attributes }, async (span) => {
          const answer = await next(exchange);
          const { operation, status } = answer;
          // only names of operations that exist: what a client makes up must not fill the labels
          const name = status < 400 ? operation?.name : undefined;
          if (span.recording) {
            span.setAttributes({
              [ATTRIBUTES.httpStatus]: status,
              [ATTRIBUTES.operationName]: operation?.name,
              [ATTRIBUTES.operationType]: operation?.type,
            });
          }
          const label = operationLabel(name);
          requests.add({ operation: label, status, client: clientLabel(exchange.client) });
          seconds.observe({ operation: label }, (performance.now() - started) / 1_000);
          return answer;
        });
      } finally {
        inFlight.add({}, -1);
      }
    },
  };
}
