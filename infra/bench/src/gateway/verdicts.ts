import { type Results, ratioOf } from './results.ts';
import { CPU_TARGETS, MOST_RSS_MIB, MOST_TINY_P99_RATIO } from './targets.ts';

export interface Verdict {
  readonly name: string;
  readonly target: string;
  readonly measured: number;
  readonly pass: boolean;
}

/** Every target that this run has figures for; one that was not measured is not in the list. */
export function verdictsOf(results: Results): Verdict[] {
  return [...cpuVerdicts(results), ...memoryVerdicts(results), ...latencyVerdicts(results)];
}

function cpuVerdicts(results: Results): Verdict[] {
  return Object.entries(CPU_TARGETS).flatMap(([rival, targets]) =>
    Object.entries(targets).flatMap(([scenario, least]) => {
      const measured = ratioOf(results, scenario, rival);
      if (measured === undefined) return [];
      const name = `${scenario}.cpu.${rival}/weft`;
      return [{ name, target: `at least ${least}`, measured, pass: measured >= least }];
    }),
  );
}

function memoryVerdicts(results: Results): Verdict[] {
  return [...results].flatMap(([scenario, of]) => {
    const ours = of.get('weft');
    if (ours === undefined) return [];
    const pass = ours.rssMiB < MOST_RSS_MIB;
    return [{ name: `${scenario}.rssMiB.weft`, target: `below ${MOST_RSS_MIB}`, measured: ours.rssMiB, pass }];
  });
}

function latencyVerdicts(results: Results): Verdict[] {
  return [...results].flatMap(([scenario, of]) => {
    const ours = of.get('weft')?.p99Ms;
    if (ours === undefined) return [];
    const verdicts: Verdict[] = [];
    for (const [rival, { p50Ms, p99Ms }] of of) {
      if (rival === 'weft' || p50Ms === undefined || p99Ms === undefined) continue;
      const name = `${scenario}.p99Ms.weft`;
      const target = `below p50 of ${rival}, ${p50Ms.toFixed(2)}`;
      verdicts.push({ name, target, measured: ours, pass: ours < p50Ms });
      if (rival !== 'grafbase' || scenario !== 'tiny') continue;
      const most = p99Ms * MOST_TINY_P99_RATIO;
      const within = `within ${MOST_TINY_P99_RATIO} x p99 of ${rival}, ${most.toFixed(2)}`;
      verdicts.push({ name, target: within, measured: ours, pass: ours <= most });
    }
    return verdicts;
  });
}
