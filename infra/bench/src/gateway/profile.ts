import { readdirSync, readFileSync } from 'node:fs';
import { runClosed } from './closed-loop.ts';
import { weft } from './contenders/weft.ts';
import { createRequests } from './requests.ts';
import { type Run, settingsFor, showTokens } from './run-phase.ts';
import type { Scenario } from './scenarios.ts';
import { OTHER_CORE } from './start-process.ts';
import { startSubgraphServer } from './subgraph-server.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Parts of the gateway by where their code is; the first that fits. Whatever a part calls in Node itself counts as its own. */
const PARTS = [
  ['engine', /\/gateway\/src\/execution\/|^weft-program|query-planner|federation-internals|@apollo\/gateway/],
  ['subgraph client', /\/gateway\/src\/fetch\/|\/undici\//],
  ['operation', /\/gateway\/src\/operation\/|\/graphql\/|@apollo\/server/],
  ['http', /\/gateway\/src\/http\/|\/shared\/service\//],
  ['telemetry', /\/shared\/telemetry\/|opentelemetry|prom-client/],
  ['gateway, other', /\/gateway\/src\//],
] as const;

const LONGEST_SECONDS = 20;

/** Percent of our gateway's busy CPU by part, from a sampling profile of a process of its own. */
export async function engineShare(scenario: Scenario, run: Run): Promise<Record<string, number>> {
  const { options, directory } = run;
  const server = await startSubgraphServer(directory, { shape: options.shape, core: OTHER_CORE });
  const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${directory}/profile`];
  const ours = await weft.start(await settingsFor(server, run, { dedupe: false, nodeFlags }));
  try {
    await showTokens(ours);
    const limits = { requests: 1_000_000, connections: options.connections, mostSeconds: LONGEST_SECONDS };
    await runClosed(ours, createRequests(ours.url, scenario, 0), limits);
  } finally {
    await ours.process.stop();
    await server.process.stop();
  }
  // planner threads write one too: the main thread has the most samples
  const profiles = readdirSync(`${directory}/profile`).map(
    (file) => JSON.parse(readFileSync(`${directory}/profile/${file}`, 'utf8')) as CpuProfile,
  );
  const [largest] = profiles.toSorted((a, b) => b.nodes.length - a.nodes.length);
  return largest === undefined ? {} : sharesOf(largest);
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Record<string, number> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partOf = new Map<number, string>();
  const find = (id: number): string => {
    const known = partOf.get(id);
    if (known !== undefined) return known;
    const { functionName, url } = byId.get(id)?.callFrame ?? { functionName: '', url: '' };
    const parent = parents.get(id);
    const own = PARTS.find(([, pattern]) => pattern.test(url))?.[0];
    const part = own ?? (functionName.startsWith('(') || parent === undefined ? functionName : find(parent));
    partOf.set(id, part);
    return part;
  };
  const micros: Record<string, number> = {};
  for (const [index, id] of samples.entries()) {
    const part = find(id);
    if (part === '(idle)') continue;
    // a chain that nothing of ours is in begins in Node's event loop
    const name = part === '(root)' ? 'node: sockets, timers' : part.replace(/[()]/g, '');
    micros[name] = (micros[name] ?? 0) + (timeDeltas[index] ?? 0);
  }
  const all = Object.values(micros).reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(
    Object.entries(micros)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, value]) => [name, Math.round((value * 1_000) / all) / 10]),
  );
}
