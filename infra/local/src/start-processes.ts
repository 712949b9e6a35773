import { choosePorts } from '@weft/postgres';
import type { SubgraphSource } from '@weft/schema';
import { ChildStartError } from './children/child.ts';
import { type GraphSettings, gatewayPlan, PAYMENTS, paymentsPlan, subgraphPlan, workerPlan } from './children/plans.ts';
import type { Child, Supervisor } from './children/supervisor.ts';
import { readJson, writeJson } from './data/secret-file.ts';
import type { RolePasswords } from './data/secrets.ts';
import { chooseFrontDoors } from './front-doors.ts';
import { openSharedAddress } from './shared-address.ts';
import type { Undo } from './undo.ts';

const GRAPHQL_PATH = '/graphql';
const PORT_ATTEMPTS = 5;
const NO_PORTS: Readonly<Record<string, number>> = {};

/** Starts every copy of every subgraph, and gives when all serve. Ports are those of the start before when they are free. */
export async function startSubgraphs(
  sources: readonly SubgraphSource[],
  {
    supervisor,
    settings,
    passwords,
    copies,
  }: {
    readonly supervisor: Supervisor;
    readonly settings: GraphSettings;
    readonly passwords: Readonly<Record<string, RolePasswords>>;
    readonly copies: number;
  },
): Promise<void> {
  const wanted = sources.flatMap(({ name }) =>
    Array.from({ length: copies }, (_, index) => ({ name, copy: index + 1, key: `${name}-${index + 1}` })),
  );
  const { ports: file } = settings.folder;
  const ports = await choosePorts(
    wanted.map(({ key }) => key),
    (await readJson<Record<string, number>>(file)) ?? {},
  );
  await writeJson(file, ports);
  await Promise.all(
    wanted.map(({ name, copy, key }) =>
      supervisor.start(
        subgraphPlan(name, { copy, port: ports[key] ?? 0, password: passwords[name]?.runtime ?? '' }, settings),
      ),
    ),
  );
}

/** Starts the worker of every subgraph that has one, and before them the payment provider, if somebody has orders. */
export async function startWorkers(
  sources: readonly SubgraphSource[],
  {
    supervisor,
    settings,
    passwords,
  }: {
    readonly supervisor: Supervisor;
    readonly settings: GraphSettings;
    readonly passwords: Readonly<Record<string, RolePasswords>>;
  },
): Promise<void> {
  // Of several copies workers ask the first: it comes back on its port when it ends.
  const addresses = Object.entries(subgraphUrls(supervisor.children)).map(([name, [url = '']]) => [name, url]);
  const orders = addresses.find(([name]) => name === 'orders')?.[1];
  if (orders !== undefined) {
    const port = await keptPort(PAYMENTS, settings);
    addresses.push([PAYMENTS, (await supervisor.start(paymentsPlan({ port, orders }, settings))).url]);
  }
  const peers = addresses.map(([name, url]) => `${name}=${url}`).join(',');
  const plans = sources.flatMap(
    ({ name }) => workerPlan(name, { password: passwords[name]?.runtime ?? '', peers }, settings) ?? [],
  );
  await Promise.all(plans.map((plan) => supervisor.start(plan)));
}

/** The port of the start before, if it is free: workers are told it once. */
async function keptPort(name: string, { folder }: GraphSettings): Promise<number> {
  const before = (await readJson<Record<string, number>>(folder.ports)) ?? {};
  const ports = await choosePorts([name], before);
  await writeJson(folder.ports, { ...before, ...ports });
  return ports[name] ?? 0;
}

interface GatewaysOptions {
  readonly supervisor: Supervisor;
  readonly settings: GraphSettings;
  /** The first port was asked for by name: no other will do. */
  readonly named: boolean;
  readonly console: boolean;
}

/** Starts the gateways one beside the other; their ports were free a moment ago, and another is tried when one no longer is. */
async function startGateways(
  ports: readonly number[],
  { supervisor, settings, named, console }: GatewaysOptions,
): Promise<Child[]> {
  const start = async (port: number, copy: number): Promise<Child> => {
    for (let attempt = 1, current = port; ; attempt += 1) {
      try {
        // in production nobody who reaches the port of GraphQL reads metrics
        const { metrics: metricsPort } = settings.mode === 'production' ? await choosePorts(['metrics'], {}) : NO_PORTS;
        return await supervisor.start(
          gatewayPlan({ copy, port: current, metricsPort, console, sharesAddress: ports.length > 1 }, settings),
        );
      } catch (error) {
        const another = error instanceof ChildStartError && error.portTaken && !(named && copy === 1);
        if (!another || attempt === PORT_ATTEMPTS) throw error;
        current = (await chooseFrontDoors(1, { from: Math.max(...ports) + attempt, named: false }))[0] ?? 0;
      }
    }
  };
  return await Promise.all(ports.map((port, index) => start(port, index + 1)));
}

/**
 * One gateway on the first port; or several, each on a port of its own, behind an address on the first that they share.
 * What was opened beside the processes is closed by `undo`.
 */
export async function openEntrance(
  [first = 0, ...others]: readonly number[],
  { undo, ...options }: GatewaysOptions & { readonly undo: Undo },
): Promise<{ readonly url: string; readonly gateways: readonly Child[] }> {
  if (others.length === 0) {
    const gateways = await startGateways([first], options);
    return { url: graphqlUrl(gateways[0]?.url ?? ''), gateways };
  }
  const address = await openSharedAddress(first, () => options.supervisor.servingNow('gateway'));
  undo.add(async () => address.close());
  const gateways = await startGateways(others, { ...options, named: false });
  return { url: graphqlUrl(address.url), gateways };
}

/** Where the GraphQL of a process is. */
export const graphqlUrl = (url: string): string => `${url}${GRAPHQL_PATH}`;

/** The addresses of all processes of each subgraph, without a path. */
export function subgraphUrls(children: readonly Child[]): Record<string, string[]> {
  const urls: Record<string, string[]> = {};
  for (const { kind, of, url } of children) {
    if (kind !== 'subgraph') continue;
    urls[of] ??= [];
    urls[of].push(url);
  }
  return urls;
}

/** Tells the gateways where every copy is; they watch the file. */
export async function writeSubgraphUrls(file: string, children: readonly Child[]): Promise<void> {
  const urls = Object.entries(subgraphUrls(children));
  await writeJson(file, Object.fromEntries(urls.map(([name, list]) => [name, list.map(graphqlUrl)])));
}
