/**
 * CPU of one fetch, interleaved in one run: undici and our own client alone, and each with all stages of the gateway around it
 * (signature, deadline, headers, retry, circuit, metrics).
 *
 * `node --conditions=weft-source gateway/bench/subgraph-clients.ts [fetches per round]`
 *
 * On a shared machine only the ratios mean something.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequestSigner } from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { traffic } from '../src/config/traffic.ts';
import { type Connections, createConnections } from '../src/fetch/connections.ts';
import { createCopies } from '../src/fetch/copies.ts';
import { createDeadlines } from '../src/fetch/deadlines.ts';
import type { Fetch } from '../src/fetch/fetch.ts';
import { createSend } from '../src/fetch/send.ts';
import { createCallBytes, fetchStages } from '../src/fetch/stages.ts';
import type { CallBytes } from '../src/subgraph-call.ts';
import { createUndiciSend } from './undici-send.ts';

const ROUNDS = 7;
const IN_FLIGHT = 50;
const SIZES = [1_000, 20_000, 90_000];
const BODY = JSON.stringify({
  query: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Product{name price}}}',
  variables: { representations: Array.from({ length: 10 }, (_, id) => ({ __typename: 'Product', id: String(id) })) },
});

const config = { ...traffic.parse({}), maxConnections: IN_FLIGHT };
const telemetry = createTelemetry({ service: 'bench', logLevel: 'silent' });

function withStages(send: Fetch): CallBytes {
  const signer = createRequestSigner(['a secret of some length for the bench']);
  const stages = fetchStages({
    telemetry,
    copies: createCopies({ ejectMs: 1_000 }),
    deadlines: createDeadlines(),
    timeoutMs: config.timeout,
    deduplicate: false,
    breakAfter: config.breakAfter,
    breakForMs: config.breakFor,
    injectTrace: telemetry.injectTrace,
    userToken: undefined,
    sign: (request) => signer.sign(request),
  });
  return createCallBytes(stages, send);
}

/** Only what sending needs: the copy is known, nothing is measured or signed. */
function withoutStages(send: Fetch): CallBytes {
  const urls = new Map<string, URL>();
  const pick = (address: string): URL => {
    const url = urls.get(address) ?? new URL(address);
    urls.set(address, url);
    return url;
  };
  return createCallBytes(
    [
      {
        name: 'copy',
        does: '',
        wrap: (next) => (request, done) => next(Object.assign(request, { url: pick(request.address) }), done),
      },
    ],
    send,
  );
}

const undici = createUndiciSend(config);
const connections: Connections[] = [];
function ours(pipelining?: { connections: number; depth: number }): Fetch {
  const opened = createConnections({ ...config, ...(pipelining && { pipelining: { a: pipelining } }) });
  connections.push(opened);
  return createSend(opened, config);
}
const WAYS: Readonly<Record<string, CallBytes>> = {
  'undici alone': withoutStages(undici.send),
  'ours alone': withoutStages(ours()),
  'ours, 4 connections pipelined': withoutStages(ours({ connections: 4, depth: 64 })),
  'undici with stages': withStages(undici.send),
  'ours with stages': withStages(ours()),
};

/** CPU microseconds of this process for one fetch. */
async function measure(call: CallBytes, address: string, fetches: number): Promise<number> {
  const signal = new AbortController().signal;
  const before = process.cpuUsage();
  let left = fetches;
  await new Promise<void>((resolve, reject) => {
    let open = IN_FLIGHT;
    const next = (): void => {
      if (left <= 0) {
        open -= 1;
        if (open === 0) resolve();
        return;
      }
      left -= 1;
      const context = {
        user: null,
        forwardedHeaders: {},
        signal,
        deadlineMs: performance.now() + 10_000,
        cacheHints: { add() {} },
      };
      call({ subgraph: 'a', address, type: 'query', path: '', bodyBytes: BODY, context }, (outcome) => {
        if ('error' in outcome) return reject(outcome.error);
        if (outcome.reply.end - outcome.reply.start !== Number(address.split('/').at(-1))) reject(new Error('short'));
        next();
      });
    };
    for (let n = 0; n < IN_FLIGHT; n += 1) next();
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / fetches;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const fetches = Number(process.argv[2] ?? 4_000);
const child = fork(new URL('./canned-process.ts', import.meta.url), [], { execArgv: ['--conditions=weft-source'] });
const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
try {
  for (const size of SIZES) {
    const results = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, call] of Object.entries(WAYS)) {
        const cpu = await measure(call, `${url}/${size}`, fetches);
        if (round > 0) results.get(name)?.push(cpu); // the first one warms up
      }
    }
    const reference = median(results.get('undici alone') ?? []);
    for (const [name, values] of results) {
      const cpu = median(values);
      console.log(
        `${String(size).padStart(6)} bytes  ${name.padEnd(30)} ${cpu.toFixed(1).padStart(7)} us CPU a fetch  ${(reference / cpu).toFixed(2)}x`,
      );
    }
  }
} finally {
  await Promise.all([undici.stop(), ...connections.map((opened) => opened.stop())]);
  child.kill('SIGKILL');
}
