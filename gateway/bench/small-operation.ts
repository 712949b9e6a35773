/**
 * CPU of the gateway process for one small operation, ours against stock @apollo/server + @apollo/gateway, interleaved in one run.
 *
 * `node --conditions=weft-source gateway/bench/small-operation.ts [requests per round]`
 *
 * Every part is a process of its own; the gateways tell their own CPU time. On a shared machine only the ratio means something.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';

const ROUNDS = 5;
const CONNECTIONS = 8;
const OPERATIONS = {
  'one fetch': '{ product(id: "1") { id name price } }',
  'two fetches': '{ product(id: "1") { id name ... on Book { reviews { body } } } }',
};

interface Worker {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(role: string, environment: Record<string, string> = {}): Promise<Worker> {
  const child = fork(new URL(`./${role}.ts`, import.meta.url), [], {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: { ...environment, APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
  const [message] = (await once(child, 'message')) as [{ readonly url: string }];
  return { child, url: message.url };
}

/** CPU milliseconds of the process so far. */
async function cpuOf({ child }: Worker): Promise<number> {
  child.send('cpu');
  const [cpu] = (await once(child, 'message')) as [number];
  return cpu;
}

async function load(worker: Worker, query: string, requests: number): Promise<{ cpuMs: number; perSecond: number }> {
  const { origin, pathname } = new URL(worker.url);
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const body = JSON.stringify({ query });
  const before = await cpuOf(worker);
  const started = performance.now();
  let left = requests;
  const connection = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const headers = { 'content-type': 'application/json' };
      const response = await pool.request({ method: 'POST', path: pathname, headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200 || text.includes('"errors"')) throw new Error(text);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - started) / 1_000;
  const cpuMs = (await cpuOf(worker)) - before;
  await pool.close();
  return { cpuMs: cpuMs / requests, perSecond: requests / seconds };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const requests = Number(process.argv[2] ?? 1_000);
const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
const subgraphs = await start('subgraphs-process');
const { supergraphSdl } = JSON.parse(subgraphs.url) as { readonly supergraphSdl: string };
const supergraphFile = join(directory, 'supergraph.graphql');
await writeFile(supergraphFile, supergraphSdl);
const gateways = {
  ours: await start('our-process', { SUPERGRAPH_FILE: supergraphFile }),
  stock: await start('stock-process', { SUPERGRAPH_FILE: supergraphFile }),
};
try {
  for (const [name, query] of Object.entries(OPERATIONS)) {
    const results: Record<keyof typeof gateways, number[]> = { ours: [], stock: [] };
    const speeds: Record<keyof typeof gateways, number[]> = { ours: [], stock: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const side of ['ours', 'stock'] as const) {
        const { cpuMs, perSecond } = await load(gateways[side], query, requests);
        if (round === 0) continue; // warms up
        results[side].push(cpuMs);
        speeds[side].push(perSecond);
      }
    }
    const [ours, stock] = [median(results.ours), median(results.stock)];
    console.log(
      `${name}: ours ${ours.toFixed(3)} ms CPU a request (${Math.round(median(speeds.ours))}/s), ` +
        `stock ${stock.toFixed(3)} (${Math.round(median(speeds.stock))}/s), ratio ${(stock / ours).toFixed(2)}`,
    );
  }
} finally {
  for (const { child } of [subgraphs, ...Object.values(gateways)]) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
}
