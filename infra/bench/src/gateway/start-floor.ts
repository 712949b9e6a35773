import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from './connection.ts';
import type { RunningContender } from './contenders/contender.ts';
import { createRequests } from './requests.ts';
import type { Scenario } from './scenarios.ts';
import { startProcess } from './start-process.ts';
import type { SubgraphServer } from './subgraph-server.ts';

/** Its name among the gateways; it is none, and has no latency to compare. */
export const FLOOR = 'floor';
const PROGRAM = fileURLToPath(new URL('./floor-process.ts', import.meta.url));

/** Starts the floor below `ours` for one scenario, from what ours really asks for one of its requests. */
export async function startFloor(
  ours: RunningContender,
  scenario: Scenario,
  { server, directory, core }: { readonly server: SubgraphServer; readonly directory: string; readonly core: number },
): Promise<RunningContender> {
  const connection = new Connection(ours.url);
  const answers: string[] = [];
  const next = createRequests(ours.url, scenario, 0);
  const { requests } = await server.record(async () => {
    answers.push((await connection.send(next())).body.toString());
  });
  connection.close();
  const file = `${directory}/floor-${scenario.name}.json`;
  const work = requests.map((request) => ({ ...request, url: server.urls[request.subgraph] }));
  await writeFile(file, JSON.stringify({ requests: work, answer: answers[0] }));
  const started = await startProcess({
    name: 'floor',
    command: [process.execPath, '--conditions=weft-source', '--disable-warning=ExperimentalWarning', PROGRAM],
    environment: { BENCH_FLOOR: file },
    directory,
    core,
  });
  const { url } = started.greeting as { readonly url: string };
  return { name: FLOOR, title: 'floor: requests + copy', url, process: started };
}
