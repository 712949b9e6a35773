import { GraphError, isGraphError } from '@weft/errors';
import type { Log } from '@weft/telemetry';
import type { Copies } from './copies.ts';
import type { FetchOutcome, FetchRequest, FetchStage } from './fetch.ts';
import { NoAnswerError } from './no-answer.ts';

export interface CircuitBreakerOptions {
  /** Failures among twice as many last calls of a copy that open its circuit. */
  readonly breakAfter: number;
  readonly breakForMs: number;
  /** A call that had less than half of it says nothing about the copy when it ran out of time. */
  readonly timeoutMs: number;
  readonly copies: Copies;
  readonly log: Log;
  readonly clock?: () => number;
}

/** `probing`: one call is on its way to see whether the copy is back; the others are turned away meanwhile. */
type Circuit =
  | { readonly state: 'closed'; readonly failed: boolean[] }
  | { readonly state: 'open'; readonly until: number }
  | { readonly state: 'probing' };

/** Copies whose circuits are remembered; addresses come and go. */
const MOST_COPIES = 1_000;

/** Leaves a copy alone that hangs or fails too often: to wait for it would only tie up the gateway, and the copy. */
export function circuitBreakerStage(options: CircuitBreakerOptions): FetchStage {
  const clock = options.clock ?? (() => performance.now());
  const circuits = new Map<string, Circuit>();
  const open = (url: URL): void => {
    circuits.delete(url.href);
    circuits.set(url.href, { state: 'open', until: clock() + options.breakForMs });
    options.copies.eject(url, options.breakForMs);
    const [oldest] = circuits.keys();
    if (circuits.size > MOST_COPIES && oldest !== undefined) circuits.delete(oldest);
  };
  const note = (url: URL, failed: boolean, wasProbe: boolean): void => {
    const circuit = circuits.get(url.href);
    if (wasProbe) {
      if (failed) open(url);
      else {
        circuits.delete(url.href);
        options.log.info({ url: url.href }, 'A copy of a subgraph answers again.');
      }
      return;
    }
    if (circuit !== undefined && circuit.state !== 'closed') return; // it was sent before the circuit opened
    if (circuit === undefined && !failed) return;
    const last = [...(circuit?.failed ?? []), failed].slice(-2 * options.breakAfter);
    if (!last.includes(true)) circuits.delete(url.href);
    else if (last.filter((one) => one).length < options.breakAfter) {
      circuits.set(url.href, { state: 'closed', failed: last });
    } else {
      options.log.warn({ url: url.href, failed: options.breakAfter }, 'A copy of a subgraph is left alone.');
      open(url);
    }
  };
  return {
    name: 'circuit-breaker',
    does: 'turns calls away at once from a copy that hung or failed too often, until one call finds that it is back',
    wrap: (next) => (request, done) => {
      const { url } = request;
      if (url === undefined) throw new Error('circuit-breaker needs the copy that balance picks');
      const circuit = circuits.get(url.href);
      const isProbe = circuit?.state === 'open' && clock() >= circuit.until;
      if (circuit !== undefined && circuit.state !== 'closed' && !isProbe) return done({ error: turnedAway(request) });
      if (isProbe) circuits.set(url.href, { state: 'probing' });
      const hadTime = request.deadlineMs - clock() >= options.timeoutMs / 2;
      next(request, (outcome) => {
        const found = verdictOf(outcome);
        const verdict = found === 'slow' ? (hadTime ? 'failed' : 'unknown') : found;
        if (verdict !== 'unknown') note(url, verdict === 'failed', isProbe);
        // a probe that tells nothing makes room for the next one
        else if (isProbe) circuits.set(url.href, { state: 'open', until: clock() });
        done(outcome);
      });
    },
  };
}

/** `slow`: it ran out of time; `unknown`: the client left, or the fault is not that of the copy. */
type Verdict = 'answered' | 'failed' | 'slow' | 'unknown';

function verdictOf(outcome: FetchOutcome): Verdict {
  if ('reply' in outcome) return outcome.reply.status >= 500 ? 'failed' : 'answered';
  const { error } = outcome;
  // what went on a connection that was too old is sent again on a fresh one, which will tell
  if (error instanceof NoAnswerError) return error.blameless ? 'unknown' : 'failed';
  if (!isGraphError(error)) return 'unknown';
  if (error.code === 'SUBGRAPH_TIMEOUT') return 'slow';
  if (error.code === 'SUBREQUEST_HTTP_ERROR') return Number(error.log.status) >= 500 ? 'failed' : 'answered';
  return error.code === 'SUBREQUEST_MALFORMED_RESPONSE' ? 'answered' : 'unknown';
}

function turnedAway({ subgraph, url }: FetchRequest): GraphError {
  return new GraphError('SUBGRAPH_CIRCUIT_OPEN', 'A subgraph failed too often and is left alone for a moment.', {
    log: { subgraph, url: url?.href },
  });
}
