import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RIVALS } from './contenders/index.ts';
import { installRivals } from './install-rivals.ts';
import { type GatewayBenchOptions, HELP, readOptions } from './options.ts';
import { engineShare } from './profile.ts';
import { printReport } from './report.ts';
import type { Missing, Result, Results } from './results.ts';
import { runPhase } from './run-phase.ts';
import { SCENARIOS } from './scenarios.ts';
import { canPin, pinSelf } from './start-process.ts';
import { verdictsOf } from './verdicts.ts';

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** `pnpm bench gateway`: starts every gateway and the subgraphs, compares, prints. */
export async function benchGateway(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  if (options === 'help') return void process.stdout.write(`${HELP}\n`);
  if (RIVALS.some(({ name, isInstalled }) => isInstalled && options.rivals.includes(name))) installRivals(tell);
  if (canPin()) pinSelf();
  else tell('Processes cannot be pinned here: a gateway of several threads takes more than one core.');
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
  try {
    await compare(options, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compare(options: GatewayBenchOptions, directory: string): Promise<void> {
  const results = new Map<string, ReadonlyMap<string, Result>>();
  const titles = new Map<string, string>();
  const missing: Missing = [];
  const run = {
    options,
    directory,
    extraConfig: options.config === undefined ? '' : readFileSync(options.config, 'utf8'),
    titles,
    missing,
    tell,
  };
  const asked = SCENARIOS.filter(({ name }) => options.only.includes(name));
  // processes of their own for dedupe: what it costs must not be in the other figures
  for (const dedupe of [false, true]) {
    const scenarios = asked.filter((scenario) => scenario.dedupe === dedupe);
    if (scenarios.length > 0) await runPhase(scenarios, run, (name, of) => results.set(name, of));
  }
  const [first] = asked;
  const profile = options.profile && first !== undefined ? await engineShare(first, run) : undefined;
  const verdicts = verdictsOf(results);
  process.stdout.write(printReport(results, { titles, missing, verdicts }));
  if (profile !== undefined)
    process.stdout.write(
      `\nOur CPU in ${first?.name}, by a profile, in %: ${Object.entries(profile)
        .map(([part, share]) => `${part} ${share}`)
        .join(', ')}\n`,
    );
  if (options.json) writeFileSync(options.json, toJson({ options, results, missing, verdicts, profile }));
}

function toJson({ results, ...rest }: { readonly results: Results; readonly [name: string]: unknown }): string {
  const figures = Object.fromEntries([...results].map(([scenario, of]) => [scenario, Object.fromEntries(of)]));
  const ratios = Object.fromEntries(
    [...results].map(([scenario, of]) => {
      const ours = of.get('weft')?.cpuMs ?? Number.NaN;
      return [scenario, Object.fromEntries([...of].map(([name, { cpuMs }]) => [`${name}/weft`, cpuMs / ours]))];
    }),
  );
  return `${JSON.stringify({ figures, ratios, ...rest }, null, 2)}\n`;
}
