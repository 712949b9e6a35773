import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgress, type LocalGraph, startLocal } from '@weft/local';
import { type BenchArguments, HELP, readArguments } from './arguments.ts';
import { treeUsage } from './process-usage.ts';
import { median, type Request, type Rival, type Round, runRound } from './rounds.ts';
import { startStockGateway } from './start-stock-gateway.ts';

const STOREFRONT = new URL('../../../schema/operations/storefront.graphql', import.meta.url);
const WARM_REQUESTS = 300;

/** Answers must be the same to the byte of their data, or the figures compare nothing. */
async function answerHash(rival: Rival, request: Request): Promise<string> {
  const response = await fetch(rival.url, { method: 'POST', body: request.body, headers: request.headers });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(`${rival.name}: ${JSON.stringify(errors)}`);
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

async function compare(
  rivals: readonly Rival[],
  request: Request,
  { requests, rounds, connections }: BenchArguments,
  others: Readonly<Record<string, number>>,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const hashes = new Set(await Promise.all(rivals.map((rival) => answerHash(rival, request))));
  if (hashes.size !== 1) throw new Error('the gateways answer different data');
  const results = new Map<string, Round[]>(rivals.map(({ name }) => [name, []]));
  for (const rival of rivals) await runRound(rival, request, { requests: WARM_REQUESTS, connections, others });
  for (let round = 0; round < rounds; round += 1)
    for (const rival of rivals)
      results.get(rival.name)?.push(await runRound(rival, request, { requests, connections, others }));
  return results;
}

interface Summary {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMs: Readonly<Record<string, number>>;
}

function summarise(rounds: readonly Round[]): Summary {
  const middle = (pick: (round: Round) => number) => Number(median(rounds.map(pick)).toFixed(3));
  const names = Object.keys(rounds[0]?.cpuMs ?? {});
  return {
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50Ms: middle((round) => round.p50Ms),
    p99Ms: middle((round) => round.p99Ms),
    cpuMs: Object.fromEntries(names.map((name) => [name, middle((round) => round.cpuMs[name] ?? 0)])),
  };
}

function memoryOf(graph: LocalGraph, stockPid: number): Record<string, number> {
  const mib = (pid: number) => Math.round(treeUsage(pid).rssBytes / 1_048_576);
  return {
    ...Object.fromEntries(graph.children.map(({ name, pid }) => [name, mib(pid)])),
    ...Object.fromEntries(graph.fleet.servers.map(({ name, pid }) => [name, mib(pid)])),
    'stock gateway': mib(stockPid),
  };
}

function print(results: Readonly<Record<string, Summary>>, memory: Readonly<Record<string, number>>): void {
  const rows = Object.entries(results).map(([name, { requestsPerSecond, p50Ms, p99Ms, cpuMs }]) => ({
    name,
    'req/s': Math.round(requestsPerSecond),
    'p50 ms': p50Ms,
    'p99 ms': p99Ms,
    ...Object.fromEntries(Object.entries(cpuMs).map(([process, ms]) => [`cpu ${process}`, ms])),
  }));
  process.stdout.write('CPU in ms a request, by process (Postgres: all six servers)\n');
  console.table(rows);
  process.stdout.write('Memory in MiB after the run (proportional set size)\n');
  console.table(memory);
}

async function bench(options: BenchArguments, graph: LocalGraph): Promise<void> {
  const token = await graph.token('ada');
  const stock = await startStockGateway(graph, token);
  try {
    const request: Request = {
      body: JSON.stringify({ query: readFileSync(STOREFRONT, 'utf8') }),
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    };
    const own = graph.children.find(({ kind }) => kind === 'gateway');
    const subgraphs = graph.children.filter(({ kind }) => kind === 'subgraph').map(({ of, pid }) => [of, pid] as const);
    const others = { ...Object.fromEntries(subgraphs), postgres: graph.fleet.keeperPid() };
    const rivals: Rival[] = [
      { name: 'weft', url: graph.url, pid: own?.pid ?? 0 },
      { name: 'stock', url: stock.url, pid: stock.pid },
    ];
    const rounds = await compare(rivals, request, options, others);
    const results = Object.fromEntries([...rounds].map(([name, all]) => [name, summarise(all)]));
    const memory = memoryOf(graph, stock.pid);
    print(results, memory);
    const ratio = (results.stock?.cpuMs.gateway ?? 0) / (results.weft?.cpuMs.gateway ?? 1);
    process.stdout.write(`CPU of the gateway a request, stock / weft: ${ratio.toFixed(2)}\n`);
    if (options.json) writeFileSync(options.json, JSON.stringify({ results, memory, ratio }, null, 2));
  } finally {
    stock.stop();
  }
}

/** `pnpm bench graph`: starts the whole graph in a temporary folder, compares, prints. */
export async function benchGraph(words: readonly string[]): Promise<void> {
  const options = readArguments(words);
  if (options === 'help') return void process.stdout.write(`${HELP}\n`);
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
  try {
    const progress = createProgress(process.stderr);
    const graph = await startLocal({ directory, scale: 1, production: true, demoIssuer: true, progress });
    try {
      await bench(options, graph);
    } finally {
      await graph.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
