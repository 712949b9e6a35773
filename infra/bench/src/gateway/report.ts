import { type Missing, type Result, type Results, ratioOf } from './results.ts';
import { CPU_TARGETS } from './targets.ts';
import { textTable } from './text-table.ts';
import type { Verdict } from './verdicts.ts';

const BUSY = 0.85;
const none = '-';
const shown = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? none;

/** The whole report as text: figures by scenario, the table of ratios with its targets, every verdict. */
export function printReport(
  results: Results,
  {
    titles,
    missing,
    verdicts,
  }: {
    readonly titles: ReadonlyMap<string, string>;
    readonly missing: Missing;
    readonly verdicts: readonly Verdict[];
  },
): string {
  const parts = [...results].map(([scenario, of]) => scenarioTable(scenario, of, titles));
  parts.push(`CPU of a rival / CPU of ours, one request (in brackets: at least)\n${ratioTable(results, titles)}`);
  parts.push(`Targets\n${verdicts.map(verdictLine).join('\n')}`);
  if (missing.length > 0) parts.push(`Not measured\n${missing.map(missingLine).join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

function scenarioTable(scenario: string, of: ReadonlyMap<string, Result>, titles: ReadonlyMap<string, string>): string {
  const ours = of.get('weft');
  const head = ['', 'CPU ms', '/ ours', 'req/s', 'core busy', 'p50 ms', 'p99 ms', 'RSS MiB', 'fetches', 'waves'];
  const rows = [...of].map(([name, result]) => [
    `${titles.get(name) ?? name}${result.inOrder ? '' : ' (fields out of order)'}`,
    shown(result.cpuMs, 3),
    ours === undefined ? none : shown(result.cpuMs / ours.cpuMs, 2),
    shown(result.perSecond, 0),
    // what is not busy waited for the subgraphs or for the clients: its rate is not its own limit
    `${(result.coreBusy * 100).toFixed(0)} %${result.coreBusy < BUSY ? ' !' : ''}`,
    shown(result.p50Ms, 2),
    shown(result.p99Ms, 2),
    String(result.rssMiB),
    String(result.fetches),
    String(result.waves),
  ]);
  const first = of.values().next().value;
  return `${scenario}: ${first?.answerBytes ?? 0} bytes, equal data from all\n${textTable([head, ...rows])}`;
}

function ratioTable(results: Results, titles: ReadonlyMap<string, string>): string {
  const scenarios = [...results.keys()];
  const rivals = [...new Set([...results.values()].flatMap((of) => [...of.keys()]))].filter((name) => name !== 'weft');
  const cell = (rival: string, scenario: string): string => {
    const ratio = ratioOf(results, scenario, rival);
    if (ratio === undefined) return none;
    const least = CPU_TARGETS[rival]?.[scenario];
    return least === undefined
      ? `${ratio.toFixed(2)}x`
      : `${ratio.toFixed(2)}x (${least}) ${ratio >= least ? 'PASS' : 'FAIL'}`;
  };
  const rows = rivals.map((rival) => [
    titles.get(rival) ?? rival,
    ...scenarios.map((scenario) => cell(rival, scenario)),
  ]);
  return textTable([['', ...scenarios], ...rows]);
}

const verdictLine = ({ name, target, measured, pass }: Verdict): string =>
  `${pass ? 'PASS' : 'FAIL'}  ${name}: ${measured.toFixed(2)}, ${target}`;

const missingLine = ({ gateway, scenario, why }: Missing[number]): string =>
  `${gateway}${scenario === undefined ? '' : `, ${scenario}`}: ${why}`;
