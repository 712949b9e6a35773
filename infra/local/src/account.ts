import type { LocalGraph } from './local-graph.ts';

/** What an operation cost, by the metrics of all processes before and after it. */
export interface Account {
  readonly fetches: number;
  readonly statements: number;
  readonly shards: readonly string[];
  readonly ms: number;
}

/** One line of /metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Runs `work` and gives what it cost. True only while nothing else uses the graph. */
export async function accountFor<T>(
  graph: LocalGraph,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly account: Account }> {
  const before = await countStatements(graph);
  const began = performance.now();
  const result = await work();
  const ms = performance.now() - began;
  const after = await countStatements(graph);
  const counted = [...after.byShard].map(
    ([shard, count]) => [shard, count - (before.byShard.get(shard) ?? 0)] as const,
  );
  const touched = counted.filter(([, count]) => count > 0);
  return {
    result,
    account: {
      fetches: after.fetches - before.fetches,
      statements: touched.reduce((sum, [, count]) => sum + count, 0),
      shards: touched.map(([shard]) => shard).sort(),
      ms: Math.round(ms),
    },
  };
}

interface Counts {
  readonly fetches: number;
  readonly byShard: ReadonlyMap<string, number>;
}

async function countStatements(graph: LocalGraph): Promise<Counts> {
  // Workers have statements of their own that belong to no operation.
  const asked = graph.children.filter(({ kind }) => kind !== 'worker');
  const samples = (await Promise.all(asked.map(({ metricsUrl }) => readMetrics(metricsUrl)))).flat();
  const byShard = new Map<string, number>();
  let fetches = 0;
  for (const { name, labels, value } of samples) {
    if (name === 'gateway_fetches_total') fetches += value;
    if (name !== 'database_statements_total' || labels.shard === undefined) continue;
    byShard.set(labels.shard, (byShard.get(labels.shard) ?? 0) + value);
  }
  return { fetches, byShard };
}

async function readMetrics(url: string): Promise<Sample[]> {
  const response = await fetch(`${url}/metrics`);
  return parseMetrics(await response.text());
}

/** The samples of Prometheus' text format. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]);
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
  });
}
