import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort, waitFor } from '@weft/testing';
import { killProcesses, startProcess } from './gateway-process.ts';
import { ask, closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

/** Of the configuration file: the supergraph is looked at when a signal says so, and held answers have all the time. */
const PATIENT = 'supergraph:\n  pollEvery: 1h\ntraffic:\n  timeout: 5m\n  operationTimeout: 5m\n';

let shop: Shop;
let config: string;
let supergraph: string;
let metricsPort: number;
let gateway: Awaited<ReturnType<typeof start>>;
let url: string;

beforeAll(async () => {
  shop = await openShop();
  supergraph = join(shop.directory, 'cluster.graphql');
  await writeFile(supergraph, await readFile(shop.supergraphFile, 'utf8'));
  // reached through a link, so that its folder gives no notice of a change
  const linked = join(shop.directory, 'linked');
  await mkdir(linked);
  await symlink(supergraph, join(linked, 'cluster.graphql'));
  config = join(shop.directory, 'cluster.yaml');
  await writeFile(config, `workers: 2\n${PATIENT}`);
  metricsPort = await freePort();
  gateway = start({}, [config]);
  url = `${await gateway.listening}/graphql`;
}, 60_000);
afterAll(async () => {
  killProcesses();
  await closeShops();
});

function start(environment: Record<string, string>, args: readonly string[]) {
  return startProcess(
    {
      WEFT_LOG_LEVEL: 'info',
      WEFT_METRICS_PORT: String(metricsPort),
      WEFT_SUPERGRAPH_FILE: join(shop.directory, 'linked', 'cluster.graphql'),
      ...environment,
    },
    args,
  );
}

/** Process ids of the workers; the kernel knows them, whatever the gateway says. */
function workers({ pid } = gateway): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Connections of its own each: the next worker answers. */
const anew = (query: string) => ask(url, query, { headers: { connection: 'close' } });

async function counted(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('gateway_requests_total{'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Asks without a pause, on `lanes` connections that are kept and as many that are not, until it is stopped. */
function startLoad(lanes: number) {
  const failures: string[] = [];
  let answered = 0;
  let stopped = false;
  const body = JSON.stringify({ query: '{ __typename }' });
  const kept = new Agent({ keepAlive: true, maxSockets: lanes });
  const once = (agent: Agent | false) =>
    new Promise<void>((resolve) => {
      const fail = (error: unknown): void => {
        failures.push(String(error));
        resolve();
      };
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          answered += 1;
          if (text !== '{"data":{"__typename":"Query"}}') failures.push(`${response.statusCode} ${text}`);
          resolve();
        });
        response.on('error', fail);
      });
      sent.on('error', fail);
      sent.end(body);
    });
  const lane = async (agent: Agent | false): Promise<void> => {
    while (!stopped) await once(agent);
  };
  const running = Array.from({ length: 2 * lanes }, (_, index) => lane(index % 2 === 0 ? kept : false));
  return {
    answered: () => answered,
    async stop() {
      stopped = true;
      await Promise.all(running);
      kept.destroy();
      return { answered, failures };
    },
  };
}

const told = (text: string) =>
  waitFor(() => gateway.output().includes(text), { timeoutMs: 60_000, what: `the log to say: ${text}` });

test('two workers serve one port, and their metrics are one', async () => {
  expect(workers()).toHaveLength(2);
  const ready = await fetch(new URL('/health/ready', url), { headers: { connection: 'close' } });
  expect(ready.status).toBe(200);
  const before = await counted();
  await Promise.all(Array.from({ length: 40 }, () => anew('{ whoami }')));
  expect((await counted()) - before).toBe(40);
  const perWorker = gateway.output().match(/"instance":"gateway-\d+"/g) ?? [];
  expect(new Set(perWorker)).toEqual(new Set(['"instance":"gateway-1"', '"instance":"gateway-2"']));
});

test('SIGHUP brings a changed supergraph to every worker', async () => {
  const sdl = await readFile(supergraph, 'utf8');
  await writeFile(
    supergraph,
    sdl.replace('  whoami: String', '  added: String @join__field(graph: PRODUCTS)\n  whoami: String'),
  );
  gateway.child.kill('SIGHUP');
  const allServe = async (): Promise<boolean> => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => anew('{ __typename added }')));
    return answers.every(({ status }) => status === 200);
  };
  await waitFor(allServe, { timeoutMs: 20_000, what: 'the changed supergraph' });
  await writeFile(supergraph, sdl);
});

test('SIGUSR2 restarts the workers one after the other with what the configuration says now; no request fails, no count is lost', async () => {
  const [before, old] = [await counted(), workers()];
  const load = startLoad(3);
  await waitFor(() => load.answered() > 50, { timeoutMs: 20_000, what: 'the load' });
  await writeFile(config, `workers: 3\n${PATIENT}`);
  gateway.child.kill('SIGUSR2');
  await told('The workers were restarted.');
  expect(workers()).toHaveLength(3);
  expect(workers().filter((pid) => old.includes(pid))).toEqual([]);
  const so = load.answered();
  await waitFor(() => load.answered() > so + 50, { timeoutMs: 20_000, what: 'answers of the new workers' });
  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect((await counted()) - before).toBe(answered);
}, 120_000);

test('a restart with a configuration that is wrong is refused, and the workers serve on', async () => {
  const old = workers();
  await writeFile(config, 'workers: none\n');
  gateway.child.kill('SIGUSR2');
  await told('The configuration was refused');
  expect(workers()).toEqual(old);
  // right in itself, but no worker can start with it
  await writeFile(config, 'workers: 2\ntelemetry:\n  metrics:\n    operationsDirectory: /no/such\n');
  gateway.child.kill('SIGUSR2');
  await told('A new worker did not serve');
  expect(workers().sort()).toEqual(old.sort());
  await writeFile(config, `workers: 3\n${PATIENT}`);
  expect((await anew('{ __typename }')).status).toBe(200);
}, 120_000);

test('a worker that is killed is replaced, and the others serve meanwhile', async () => {
  const [victim, ...others] = workers();
  const before = await counted();
  process.kill(victim as number, 'SIGKILL');
  await waitFor(() => !workers().includes(victim as number), { timeoutMs: 10_000, what: 'its end' });
  expect((await anew('{ __typename }')).status).toBe(200);
  await waitFor(() => workers().length === 3, { timeoutMs: 30_000, what: 'another worker' });
  expect(workers()).toEqual(expect.arrayContaining(others));
  expect(await counted()).toBeGreaterThanOrEqual(before);
});

test('SIGTERM drains all: what is in flight is answered, then nothing is left', async () => {
  const releases: (() => void)[] = [];
  shop.products.answer = (_request, response) =>
    void releases.push(() => sendJson(response, { data: { whoami: 'late' } }));
  const slow = Array.from({ length: 6 }, () => anew('{ whoami }'));
  await waitFor(() => releases.length === 6, { timeoutMs: 10_000, what: 'the fetches' });
  const pids = workers();
  gateway.child.kill('SIGTERM');
  // A connection of the very moment of the stop may be closed without an answer, or be held until all is drained.
  const refused = () =>
    fetch(new URL('/health/live', url), { signal: AbortSignal.timeout(1_000) }).then(
      () => false,
      (error: Error) => error.name !== 'TimeoutError',
    );
  await waitFor(refused, { timeoutMs: 10_000, what: 'the closed port' });
  for (const release of releases) release();
  shop.products.answer = undefined;
  for (const answer of slow) expect((await answer).json).toEqual({ data: { whoami: 'late' } });
  expect(await gateway.exited).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('what keeps a worker from starting is told once, and ends the gateway with its code', async () => {
  const taken = start({ WEFT_PORT: new URL(shop.url).port }, [config]);
  expect(await taken.exited).toBe(2);
  expect(taken.output().match(/the port is in use/g)).toHaveLength(1);
});

test('a connection that is given to it while no worker serves is closed; when the first process is killed its workers end too', async () => {
  await writeFile(config, 'workers: 1\n');
  const killed = start({ WEFT_METRICS_PORT: String(await freePort()) }, [config]);
  await killed.listening;
  process.kill(workers(killed)[0] as number, 'SIGKILL');
  await waitFor(() => killed.output().includes('A worker ended'), { timeoutMs: 10_000, what: 'its end' });
  const passing = createServer((socket) => void killed.child.send({ type: 'connection' }, socket));
  await once(passing.listen(0, '127.0.0.1'), 'listening');
  const client = connect((passing.address() as AddressInfo).port, '127.0.0.1');
  let isClosed = false;
  client
    .on('error', () => undefined)
    .once('close', () => {
      isClosed = true;
    });
  await waitFor(() => isClosed, { timeoutMs: 10_000, what: 'the end of the connection' });
  passing.close();
  await waitFor(() => workers(killed).length === 1, { timeoutMs: 30_000, what: 'another worker' });
  const pids = workers(killed);
  expect(pids).toHaveLength(1);
  killed.child.kill('SIGKILL');
  await waitFor(() => !pids.some(isAlive), { timeoutMs: 20_000, what: 'the end of the worker' });
});
