import { median } from '../rounds.ts';
import { calibrate } from './calibration.ts';
import { runClosed } from './closed-loop.ts';
import type { RunningContender } from './contenders/contender.ts';
import { CannotKeepUp, runOpen } from './open-loop.ts';
import { createRequests, type NextRequest } from './requests.ts';
import { whileWatchingMemory } from './resident-memory.ts';
import type { Scenario } from './scenarios.ts';
import { FLOOR } from './start-floor.ts';

/** What one gateway took in one scenario; medians over the rounds. */
export interface Figures {
  /** CPU milliseconds of the process tree for one request, as if the machine had been as fast in every round. */
  readonly cpuMs: number;
  readonly perSecond: number;
  /** Share of one core that the gateway had in use: well below 1, and something else was waited for. */
  readonly coreBusy: number;
  readonly rssMiB: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly connections: number;
  readonly latency: boolean;
}

interface Measured {
  readonly contender: RunningContender;
  readonly next: NextRequest;
  readonly requests: number;
  readonly rounds: { readonly cpuMs: number; readonly perSecond: number; readonly calibration: number }[];
  rssBytes: number;
}

/** A gateway that hangs must not hold the bench for ever. */
const LONGEST_ROUND_FACTOR = 15;
/** Code that runs seldom is not compiled well; what is compared is what a gateway takes once it has served for a while. */
const WARM_REQUESTS = 4_000;
const LONGEST_WARM_UP_SECONDS = 15;
const LOAD = 0.7;
const LATENCY_ROUNDS = 3;
const FEWEST_REQUESTS = 20;

/** The first number of each gateway's requests: the cold scenario must never meet an operation again. */
let numbers = 0;
const NUMBERS_EACH = 1_000_000;

async function warm(contender: RunningContender, scenario: Scenario, options: MeasureOptions): Promise<Measured> {
  numbers += NUMBERS_EACH;
  const next = createRequests(contender.url, scenario, numbers);
  const { connections } = options;
  await runClosed(contender, next, { requests: WARM_REQUESTS, connections, mostSeconds: LONGEST_WARM_UP_SECONDS });
  const limits = { requests: 1_000_000, connections, mostSeconds: options.roundSeconds * 2 };
  const { cpuMs } = await runClosed(contender, next, limits);
  const requests = Math.max(FEWEST_REQUESTS, Math.round((options.roundSeconds * 1_000) / cpuMs));
  return { contender, next, requests, rounds: [], rssBytes: 0 };
}

/** All gateways in one scenario: warmed up, then round by round one after the other, so that a change of the machine meets all. */
export async function measure(
  contenders: readonly RunningContender[],
  scenario: Scenario,
  options: MeasureOptions,
): Promise<ReadonlyMap<string, Figures>> {
  const all: Measured[] = [];
  for (const contender of contenders) all.push(await warm(contender, scenario, options));
  for (let round = 0; round < options.rounds; round += 1) for (const one of all) await runRound(one, options);
  const usual = median(all.flatMap(({ rounds }) => rounds.map(({ calibration }) => calibration)));
  const figures = new Map(all.map((one) => [one.contender.name, summarise(one, usual)]));
  if (!options.latency) return figures;
  for (const [name, times] of await measureLatency(all, figures, options)) {
    const known = figures.get(name);
    if (known !== undefined) figures.set(name, { ...known, ...times });
  }
  return figures;
}

async function runRound(one: Measured, { connections, roundSeconds }: MeasureOptions): Promise<void> {
  const before = calibrate();
  const limits = { requests: one.requests, connections, mostSeconds: roundSeconds * LONGEST_ROUND_FACTOR };
  const [{ cpuMs, perSecond }, rss] = await whileWatchingMemory(one.contender.process.pid, () =>
    runClosed(one.contender, one.next, limits),
  );
  one.rounds.push({ cpuMs, perSecond, calibration: (before + calibrate()) / 2 });
  one.rssBytes = Math.max(one.rssBytes, rss);
}

function summarise({ rounds, rssBytes }: Measured, usual: number): Figures {
  return {
    cpuMs: median(rounds.map(({ cpuMs, calibration }) => (cpuMs * usual) / calibration)),
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    coreBusy: median(rounds.map(({ cpuMs, perSecond }) => (cpuMs * perSecond) / 1_000)),
    rssMiB: Math.round(rssBytes / 1_048_576),
  };
}

/** A round on a busy machine is lost, not the bench; medians make the worst of it. */
function whenOverloaded(error: unknown): { readonly p50Ms: number; readonly p99Ms: number } {
  if (!(error instanceof CannotKeepUp)) throw error;
  return { p50Ms: Number.POSITIVE_INFINITY, p99Ms: Number.POSITIVE_INFINITY };
}

async function measureLatency(
  all: readonly Measured[],
  figures: ReadonlyMap<string, Figures>,
  { roundSeconds }: MeasureOptions,
): Promise<ReadonlyMap<string, { readonly p50Ms: number; readonly p99Ms: number }>> {
  const rounds = new Map<string, { readonly p50Ms: number; readonly p99Ms: number }[]>();
  for (let round = 0; round < LATENCY_ROUNDS; round += 1) {
    for (const { contender, next } of all) {
      if (contender.name === FLOOR) continue;
      const perSecond = (figures.get(contender.name)?.perSecond ?? 1) * LOAD;
      const times = await runOpen(contender, next, { perSecond, seconds: roundSeconds * 2 }).catch(whenOverloaded);
      rounds.set(contender.name, [...(rounds.get(contender.name) ?? []), times]);
    }
  }
  return new Map(
    [...rounds].map(([name, times]) => [
      name,
      { p50Ms: median(times.map(({ p50Ms }) => p50Ms)), p99Ms: median(times.map(({ p99Ms }) => p99Ms)) },
    ]),
  );
}
