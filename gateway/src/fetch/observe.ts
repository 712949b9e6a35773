import { isGraphError } from '@weft/errors';
import { ATTRIBUTES, METRICS, SPANS, type Telemetry } from '@weft/telemetry';
import type { FetchStage } from './fetch.ts';

export interface ObserveOptions {
  readonly telemetry: Telemetry;
}

/** One span, one count and one duration for each fetch, whatever it took. */
export function observeStage({ telemetry }: ObserveOptions): FetchStage {
  const fetches = telemetry.counter(METRICS.gateway_fetches_total);
  const seconds = telemetry.histogram(METRICS.gateway_fetch_duration_seconds);
  return {
    name: 'observe',
    does: 'opens the span gateway.fetch, counts the fetch by outcome and takes its time',
    wrap: (next) => async (request) => {
      const { subgraph, path } = request;
      const started = performance.now();
      let outcome = 'ok';
      try {
        return await telemetry.span(
          SPANS.gatewayFetch,
          { kind: 'client', attributes: { [ATTRIBUTES.subgraph]: subgraph, [ATTRIBUTES.fetchPath]: path } },
          () => next(request),
        );
      } catch (error) {
        outcome = isGraphError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
        throw error;
      } finally {
        fetches.add({ subgraph, outcome });
        seconds.observe({ subgraph }, (performance.now() - started) / 1000);
      }
    },
  };
}
