import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphError, messageOf } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { sendMetrics } from './metrics-server.ts';
import { sendError } from './send-error.ts';

export type Checks = Readonly<Record<string, () => Promise<void> | void>>;

export interface Health {
  /** The names of the checks that fail now; empty when the process can serve. */
  failing(): Promise<readonly string[]>;
  /** True when the path was one of health's and an answer is on its way. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** A check that takes longer counts as failing: a probe has its own timeout, and must hear which check it was. */
const CHECK_TIMEOUT_MS = 2_000;
/** Probes of many balancers share one run of the checks. */
const REMEMBER_MS = 250;

export function createHealth(options: {
  readonly telemetry: Telemetry;
  readonly checks: Checks;
  readonly isStopping: () => boolean;
  /** Undefined: /metrics is not served here. */
  readonly metricsText: (() => Promise<string>) | undefined;
}): Health {
  const { telemetry, checks, isStopping, metricsText } = options;
  let last: { readonly atMs: number; readonly failing: Promise<readonly string[]> } | undefined;

  const failing = async (): Promise<readonly string[]> => {
    if (isStopping()) return ['stopping'];
    const now = performance.now();
    if (last === undefined || now - last.atMs > REMEMBER_MS) last = { atMs: now, failing: run(checks, telemetry) };
    const names = await last.failing;
    return isStopping() ? ['stopping'] : names;
  };
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> = {
    '/health/live': (response) => send(response, 200, 'application/json', '{"status":"live"}'),
    '/health/ready': async (response) => {
      const names = await failing();
      const body = JSON.stringify(names.length === 0 ? { status: 'ready' } : { status: 'not ready', failing: names });
      send(response, names.length === 0 ? 200 : 503, 'application/json', body);
    },
    ...(metricsText !== undefined && {
      '/metrics': async (response: ServerResponse) => sendMetrics(response, await metricsText()),
    }),
  };
  return {
    failing,
    async answer(path, request, response) {
      if (!Object.hasOwn(answers, path)) return false;
      if (request.method === 'GET' || request.method === 'HEAD') await answers[path]?.(response);
      else {
        response.setHeader('allow', 'GET, HEAD');
        sendError(response, new GraphError('METHOD_NOT_ALLOWED', 'Only GET is served here.'), telemetry);
      }
      return true;
    },
  };
}

async function run(checks: Checks, telemetry: Telemetry): Promise<readonly string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await inTime(check);
        return [];
      } catch (error) {
        telemetry.log.warn({ check: name, reason: messageOf(error) }, 'A readiness check fails.');
        return [name];
      }
    }),
  );
  return results.flat();
}

async function inTime(check: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
