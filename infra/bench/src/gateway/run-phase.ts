import { writeFile } from 'node:fs/promises';
import { messageOf } from '@weft/errors';
import { checkAnswers } from './check-answers.ts';
import { runClosed } from './closed-loop.ts';
import { Connection } from './connection.ts';
import type { ContenderSettings, RunningContender } from './contenders/contender.ts';
import { RIVALS } from './contenders/index.ts';
import { weft } from './contenders/weft.ts';
import { measure } from './measure.ts';
import type { GatewayBenchOptions } from './options.ts';
import { createRequests } from './requests.ts';
import type { Missing, Result } from './results.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startFloor } from './start-floor.ts';
import { GATEWAY_CORE, OTHER_CORE } from './start-process.ts';
import { type SubgraphServer, startSubgraphServer } from './subgraph-server.ts';
import { composeGraph } from './subgraphs.ts';
import { TOKENS } from './tokens.ts';

export interface Run {
  readonly options: GatewayBenchOptions;
  readonly directory: string;
  readonly extraConfig: string;
  /** Filled as gateways start. */
  readonly titles: Map<string, string>;
  readonly missing: Missing;
  readonly tell: (line: string) => void;
}

type Checked = Omit<Result, 'cpuMs' | 'perSecond' | 'coreBusy' | 'rssMiB' | 'p50Ms' | 'p99Ms'>;

/** Starts everything, runs these scenarios, stops everything. */
export async function runPhase(
  scenarios: readonly Scenario[],
  run: Run,
  done: (scenario: string, results: ReadonlyMap<string, Result>) => void,
): Promise<void> {
  const { directory, options } = run;
  const server = await startSubgraphServer(directory, { shape: options.shape, core: OTHER_CORE });
  const gateways: RunningContender[] = [];
  try {
    const settings = await settingsFor(server, run, { dedupe: scenarios.some(({ dedupe }) => dedupe) });
    gateways.push(await weft.start(settings));
    await showTokens(gateways[0] as RunningContender);
    for (const rival of RIVALS.filter(({ name }) => options.rivals.includes(name))) {
      try {
        gateways.push(await rival.start(settings));
      } catch (error) {
        run.missing.push({ gateway: rival.name, scenario: undefined, why: messageOf(error) });
      }
    }
    for (const { name, title } of gateways) run.titles.set(name, title);
    for (const scenario of scenarios) {
      run.tell(`${scenario.name}: ${scenario.shows}`);
      done(scenario.name, await runScenario(scenario, gateways, { server, run }));
    }
  } finally {
    for (const { process } of gateways) await process.stop();
    await server.process.stop();
  }
}

export async function settingsFor(
  server: SubgraphServer,
  { directory, options, extraConfig }: Run,
  { dedupe, nodeFlags = [] }: { readonly dedupe: boolean; readonly nodeFlags?: readonly string[] },
): Promise<ContenderSettings> {
  const supergraphFile = `${directory}/supergraph.graphql`;
  await writeFile(supergraphFile, composeGraph(server.urls));
  const { engine } = options;
  return {
    ...{ directory, supergraphFile, subgraphs: server.urls, dedupe, core: GATEWAY_CORE, engine, extraConfig },
    nodeFlags,
  };
}

/** A token is verified when it is seen first; users come back, so all of them have been seen before anything is measured. */
export async function showTokens(ours: RunningContender): Promise<void> {
  const tiny = SCENARIOS.find(({ name }) => name === 'tiny');
  if (tiny === undefined) return;
  await runClosed(ours, createRequests(ours.url, tiny, 0), { requests: TOKENS, connections: 16, mostSeconds: 60 });
}

async function runScenario(
  scenario: Scenario,
  gateways: readonly RunningContender[],
  { server, run }: { readonly server: SubgraphServer; readonly run: Run },
): Promise<ReadonlyMap<string, Result>> {
  const checked = new Map<string, Checked>();
  const taking: RunningContender[] = [];
  for (const gateway of gateways) {
    try {
      checked.set(gateway.name, await check(gateway, scenario, server));
      taking.push(gateway);
    } catch (error) {
      run.missing.push({ gateway: gateway.name, scenario: scenario.name, why: messageOf(error) });
    }
  }
  const ours = taking.find(({ name }) => name === weft.name);
  const hasFloor = ours !== undefined && !scenario.dedupe && scenario.name !== 'cold';
  const floor = hasFloor
    ? await startFloor(ours, scenario, { server, directory: run.directory, core: GATEWAY_CORE })
    : undefined;
  const ofOurs = checked.get(weft.name);
  if (floor !== undefined && ofOurs !== undefined) {
    run.titles.set(floor.name, floor.title);
    checked.set(floor.name, ofOurs);
    taking.push(floor);
  }
  try {
    const figures = await measure(taking, scenario, run.options);
    return new Map(
      [...figures].flatMap(([name, figure]) => {
        const facts = checked.get(name);
        return facts === undefined ? [] : [[name, { ...figure, ...facts }] as const];
      }),
    );
  } finally {
    await floor?.process.stop();
  }
}

/** Right data, and what the gateway asked of subgraphs for one operation it knows (in `cold`: for one it does not). */
async function check(gateway: RunningContender, scenario: Scenario, server: SubgraphServer): Promise<Checked> {
  const { bytes, inOrder } = await checkAnswers(gateway, scenario);
  const connection = new Connection(gateway.url);
  const next = createRequests(gateway.url, scenario, 10);
  const { requests, anonymous } = await server.record(async () => void (await connection.send(next())));
  connection.close();
  const waves = new Set(requests.map(({ wave }) => wave)).size;
  return { answerBytes: bytes, inOrder, fetches: requests.length, waves, anonymous };
}
