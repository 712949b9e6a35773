import { rmSync, writeFileSync } from 'node:fs';
import { UserError } from '@weft/errors';
import { textTable } from '../gateway/text-table.ts';
import { installFolder } from '../install-folder.ts';
import { CONTENDERS, RIVALS_FOLDER, START_UPS } from './contenders.ts';
import { graphFolder } from './graph-folder.ts';
import { HELP, readOptions } from './options.ts';
import type { Taken } from './run-command.ts';

const SIZES = {
  small: { title: '4 subgraphs, 12 types each, 40 operations', size: { subgraphs: 4, types: 12, operations: 40 } },
  large: {
    title: '50 subgraphs, 100 types each, 500 operations',
    size: { subgraphs: 50, types: 100, operations: 500 },
  },
} as const;
/** Of the same graph, so that the difference is that of the operations alone. */
const MANY = 4;

const LIMITS: Readonly<Record<string, number>> = {
  'start-up weft cpuSeconds': 0.15,
  'small weft check cpuSeconds': 2,
  'large weft check cpuSeconds': 25,
  'large weft check peakMiB': 1_200,
  'replay msPerOperation': 2,
};

/** `pnpm bench schema`. */
export async function benchSchema(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  if (options === 'help') return console.log(HELP);
  const hasRivals =
    options.rivals &&
    installFolder(RIVALS_FOLDER, () => console.error('Installing the rivals (about 480 packages, 170 MB, once)'));
  if (options.rivals && !hasRivals)
    throw new UserError('The rivals could not be installed; --rivals none needs none of them.');
  const figures = new Map<string, number>();
  const isOurs = ({ name }: { readonly name: string }) => hasRivals || name.startsWith('weft');
  const starts = START_UPS.filter(isOurs);
  const taken = await rounds(starts, options.rounds, (one) => one.run(process.cwd()));
  console.log(table('start-up', starts, taken, figures));
  for (const name of ['small', 'large'] as const) {
    if (!options.only.includes(name)) continue;
    const graph = graphFolder(SIZES[name].size);
    try {
      const contenders = CONTENDERS.filter(isOurs);
      const results = await rounds(contenders, name === 'large' ? 1 : options.rounds, (one) => one.run(graph));
      console.log(`\n${SIZES[name].title}\n${table(name, contenders, results, figures)}`);
    } finally {
      rmSync(graph.directory, { recursive: true });
    }
  }
  if (options.only.includes('small')) await replayFigure(options.rounds, figures);
  console.log(`\n${[...figures].flatMap(([figure, value]) => verdict(figure, value)).join('\n')}`);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(Object.fromEntries(figures), null, 2)}\n`);
}

/** Interleaved, so that a neighbour on the machine disturbs all alike. */
async function rounds<C extends { readonly name: string }>(
  all: readonly C[],
  count: number,
  run: (one: C) => Promise<Taken>,
): Promise<Map<string, Taken[]>> {
  const taken = new Map<string, Taken[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (const one of all) {
      console.error(`  round ${round + 1} of ${count}: ${one.name}`);
      const result = await run(one);
      const { exits = [0] } = one as { readonly exits?: readonly number[] };
      if (exits.includes(result.exitCode ?? -1)) taken.get(one.name)?.push(result);
      else console.error(`${one.name} ended with ${result.exitCode}: ${result.out.slice(-500)}`);
    }
  }
  return taken;
}

function table(
  title: string,
  all: readonly { readonly name: string; readonly does?: string }[],
  taken: ReadonlyMap<string, readonly Taken[]>,
  figures: Map<string, number>,
): string {
  const rows = all.map(({ name, does = '' }) => {
    const of = taken.get(name) ?? [];
    if (of.length === 0) return [name, 'failed', '', does];
    const cpu = median(of.map(({ cpuSeconds }) => cpuSeconds));
    const peak = median(of.map(({ peakMiB }) => peakMiB));
    figures.set(`${title} ${name} cpuSeconds`, cpu);
    figures.set(`${title} ${name} peakMiB`, peak);
    return [name, cpu.toFixed(2), peak.toFixed(0), does];
  });
  return textTable([['', 'CPU s', 'peak MiB', 'what it does'], ...rows]);
}

/** CPU of one more operation in a check that need not plan it: read, parse, validate, compare its answers. */
async function replayFigure(count: number, figures: Map<string, number>): Promise<void> {
  const [check] = CONTENDERS;
  if (check === undefined) return;
  const few = { subgraphs: 10, types: 100, operations: 0 };
  const many = { ...few, operations: 250 * MANY };
  const graphs = [few, many].map((size) => graphFolder(size, 'unseen'));
  const taken = await rounds(
    graphs.map((graph, index) => ({ name: index === 0 ? 'no operation' : `${many.operations} operations`, graph })),
    count,
    ({ graph }) => check.run(graph),
  );
  for (const { directory } of graphs) rmSync(directory, { recursive: true });
  const [without = 0, withAll = 0] = [...taken.values()].map((of) => median(of.map(({ cpuSeconds }) => cpuSeconds)));
  const each = ((withAll - without) * 1_000) / many.operations;
  figures.set('replay msPerOperation', each);
  console.log(`\nOne more operation in a check of 10 subgraphs, 100 types each: ${each.toFixed(2)} ms CPU`);
}

function verdict(figure: string, value: number): string[] {
  const limit = LIMITS[figure];
  return limit === undefined
    ? []
    : [`${value <= limit ? 'PASS' : 'FAIL'}  ${figure}: ${value.toFixed(2)}, at most ${limit}`];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
