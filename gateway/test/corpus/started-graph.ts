import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort, waitFor } from '@weft/testing';
import { AUDIENCE, ISSUER } from '../tokens.ts';
import type { Corpus } from './find-corpus.ts';
import { startSignedSubgraph } from './signed-subgraph.ts';

/** The fixture looks for its packages from where it is started. */
const GATEWAY = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const SECRET = 'what gateway and subgraphs share';
export const JWT_SECRET = 'what the issuer of tokens and the gateway share';

/** The fixture behind a gateway process that has what every deployment must name, and its defaults for all else. */
export interface StartedGraph {
  readonly url: string;
  readonly pid: number;
  /** Where the runner's fault proxy must listen; the gateway thinks that people lives there. */
  readonly faultPort: number;
  /** The real address of people. */
  readonly peopleUrl: string;
  readonly logged: () => string;
}

const stopping: (() => unknown)[] = [];

/** `variant` of the fixture's composition: 'rename' imports @authenticated under another name. */
export async function startGraph(corpus: Corpus, variant?: 'rename'): Promise<StartedGraph> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-corpus-'));
  stopping.push(() => rm(directory, { recursive: true }));
  const { catalog, people } = await startSubgraphs(corpus);
  const faultPort = await freePort();
  const file = join(directory, 'supergraph.graphql');
  const composing = [join(corpus.fixture, 'compose.mjs'), catalog.url, `http://127.0.0.1:${faultPort}/`];
  const composed = node([...composing, ...(variant === undefined ? [] : [variant])]);
  await writeFile(file, await text(composed.stdout as NodeJS.ReadableStream));
  const gateway = fork(MAIN, [], {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: {
      PATH: '/usr/bin:/bin',
      WEFT_PORT: '0',
      WEFT_LOG_LEVEL: 'error',
      WEFT_SUPERGRAPH_FILE: file,
      WEFT_SECRETS: SECRET,
      WEFT_JWT_SECRET: JWT_SECRET,
      WEFT_JWT_ISSUER: ISSUER,
      WEFT_JWT_AUDIENCE: AUDIENCE,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  stopping.push(() => gateway.kill('SIGKILL'));
  let logged = '';
  gateway.stderr?.on('data', (chunk: Buffer) => {
    logged += chunk.toString();
  });
  const ended = once(gateway, 'exit').then(() => {
    throw new Error(`the gateway does not start: ${logged}`);
  });
  const [message] = (await Promise.race([once(gateway, 'message'), ended])) as [{ readonly url: string }];
  ended.catch(() => undefined);
  return {
    url: `${message.url}/graphql`,
    pid: gateway.pid as number,
    faultPort,
    peopleUrl: people.url,
    logged: () => logged,
  };
}

export async function stopGraphs(): Promise<void> {
  for (const stop of stopping.splice(0).reverse()) await stop();
}

async function startSubgraphs(corpus: Corpus) {
  const ports = [await freePort(), await freePort()] as const;
  node([join(corpus.fixture, 'subgraphs.mjs'), ...ports.map(String)]);
  const urls = ports.map((port) => `http://127.0.0.1:${port}/`) as [string, string];
  const answers = (url: string) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{__typename}"}' })
      .then(({ ok }) => ok)
      .catch(() => false);
  for (const url of urls) await waitFor(() => answers(url), { timeoutMs: 60_000, what: url });
  const [catalog, people] = await Promise.all([
    startSignedSubgraph('catalog', urls[0], [SECRET]),
    startSignedSubgraph('people', urls[1], [SECRET]),
  ]);
  stopping.push(catalog.stop, people.stop);
  return { catalog, people };
}

/** Runs a script of the corpus, which is plain JavaScript. */
function node(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [...args], { cwd: GATEWAY, stdio: ['ignore', 'pipe', 'inherit'] });
  stopping.push(() => child.kill('SIGKILL'));
  return child;
}

export interface RunnerResult {
  readonly id: string;
  readonly group: string;
  readonly pass?: boolean;
  readonly skip?: string;
  readonly why?: readonly string[];
}

/** Replays the inputs whose group is named, as strictly as the runner can. */
export async function replay(corpus: Corpus, graph: StartedGraph, groups: readonly string[]): Promise<RunnerResult[]> {
  const sets = { jwtIss: ISSUER, jwtAud: AUDIENCE, subgraphUrl: graph.peopleUrl };
  const directory = await mkdtemp(join(tmpdir(), 'weft-corpus-'));
  stopping.push(() => rm(directory, { recursive: true }));
  const out = join(directory, 'results.json');
  const runner = node([
    corpus.runner,
    graph.url,
    corpus.inputs,
    '--strict-codes',
    '--quiet',
    ...['--fault', `${graph.faultPort}=${graph.peopleUrl}`],
    ...['--jwt-secret', JWT_SECRET],
    ...Object.entries(sets).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
    ...['--pid', String(graph.pid)],
    ...['--only', `^(${groups.join('|')})-`],
    ...['--out', out],
  ]);
  const [said] = await Promise.all([text(runner.stdout as NodeJS.ReadableStream), once(runner, 'exit')]);
  const results = JSON.parse(
    await readFile(out, 'utf8').catch(() => {
      throw new Error(`the runner ended early: ${said}`);
    }),
  ) as RunnerResult[];
  return results;
}
