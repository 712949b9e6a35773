import { isGraphError } from '@weft/errors';
import { ATTRIBUTES, METRICS, SPANS, type Telemetry } from '@weft/telemetry';
import type { Fetch, FetchOutcome, FetchStage } from './fetch.ts';

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
    wrap(next) {
      const counted: Fetch = (request, done) => {
        const started = performance.now();
        next(request, (outcome) => {
          fetches.add({ subgraph: request.subgraph, outcome: nameOf(outcome) });
          seconds.observe({ subgraph: request.subgraph }, (performance.now() - started) / 1000);
          done(outcome);
        });
      };
      return telemetry.exporting ? withinSpan(telemetry, counted) : counted;
    },
  };
}

function nameOf(outcome: FetchOutcome): string {
  if ('reply' in outcome) {
    const { status } = outcome.reply;
    return status >= 200 && status <= 299 ? 'ok' : `http_${Math.floor(status / 100)}xx`;
  }
  return isGraphError(outcome.error) ? outcome.error.code : 'INTERNAL_SERVER_ERROR';
}

function withinSpan(telemetry: Telemetry, next: Fetch): Fetch {
  return (request, done) => {
    const { subgraph, path } = request;
    const attributes = { [ATTRIBUTES.subgraph]: subgraph, [ATTRIBUTES.fetchPath]: path };
    const work = () =>
      new Promise<void>((resolve, reject) => {
        next(request, (outcome) => {
          if ('error' in outcome) reject(outcome.error);
          else resolve();
          done(outcome); // now: the bytes of the reply are not there for long
        });
      });
    // the span tells the error; `done` has been told
    telemetry.span(SPANS.gatewayFetch, { kind: 'client', attributes }, work).catch(() => undefined);
  };
}
