/**
 * Plans of new operations on the thread that asks, and in threads of their own: time, CPU of the process, and how late the
 * event loop was meanwhile. `node --conditions=weft-source gateway/bench/planning.ts [operations]`
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createTelemetry } from '@weft/telemetry';
import { createPlanningHere } from '../src/execution/planning/plan-request.ts';
import type { Planning } from '../src/execution/planning/planning.ts';
import { createPlanningThreads } from '../src/execution/planning/planning-threads.ts';
import { STOREFRONT, storefrontSupergraph } from './storefront-graph.ts';

const operations = Number(process.argv[2] ?? 100);
const MIB = 1024 * 1024;
const { log } = createTelemetry({ service: 'bench', logLevel: 'warn' });
const marketplace = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const page = readFileSync(new URL('../../schema/operations/storefront.graphql', import.meta.url), 'utf8');
const CASES = [
  { name: 'tiny', supergraphSdl: marketplace, text: '{ categories { slug } }' },
  { name: 'marketplace storefront', supergraphSdl: marketplace, text: page },
  { name: 'bench storefront', supergraphSdl: storefrontSupergraph(), text: STOREFRONT },
];

async function measure(name: string, planning: Planning, text: string): Promise<void> {
  for (let warm = 0; warm < 10; warm += 1) await planning.steps({ text, decided: undefined });
  const late = monitorEventLoopDelay({ resolution: 1 });
  const before = process.cpuUsage();
  const started = performance.now();
  late.enable();
  for (let count = 0; count < operations; count += 1) {
    await planning.steps({ text, decided: undefined });
    await delay(0);
  }
  late.disable();
  const { user, system } = process.cpuUsage(before);
  const ms = (performance.now() - started) / operations;
  const cpu = (user + system) / 1_000 / operations;
  const [p50, p99] = [50, 99].map((percentile) => (late.percentile(percentile) / 1e6).toFixed(1));
  console.log(
    `${name}: ${ms.toFixed(2)} ms a plan, CPU ${cpu.toFixed(2)} ms; event loop late p50 ${p50}, p99 ${p99} ms`,
  );
}

for (const { name, supergraphSdl, text } of CASES) {
  const source = { supergraphSdl, planner: 'apollo' } as const;
  const rss = process.memoryUsage.rss();
  const [started, before] = [performance.now(), process.cpuUsage()];
  const threads = await createPlanningThreads({ ...source, timeoutMs: 30_000, maxMemoryMb: 512, log });
  const { user, system } = process.cpuUsage(before);
  const mib = ((process.memoryUsage.rss() - rss) / MIB).toFixed(0);
  console.log(
    `${name}: a thread starts in ${(performance.now() - started).toFixed(0)} ms, CPU ${((user + system) / 1_000).toFixed(0)} ms, and takes ${mib} MiB`,
  );
  await measure(`${name}, in a thread`, threads, text);
  await threads.stop();
  await measure(`${name}, here`, createPlanningHere(source), text);
}
