import { UserError } from '@weft/errors';
import { explainFullDisk, type Fleet } from '@weft/postgres';
import type { SubgraphSource } from '@weft/schema';
import type { GraphSettings } from './children/plans.ts';
import { type Child, createSupervisor, type Supervisor } from './children/supervisor.ts';
import { SILENT } from './command/progress.ts';
import { inClone } from './data/clone.ts';
import { type DataFolder, openDataFolder } from './data/data-folder.ts';
import { databasePasswords, type RolePasswords, requestSecrets } from './data/secrets.ts';
import { openTokenIssuer, type TokenIssuer } from './data/token-issuer.ts';
import { type GraphFleet, startGraphFleet } from './fleet.ts';
import { chooseFrontDoors, FIRST_PORT } from './front-doors.ts';
import type { LocalGraph, LocalOptions } from './local-graph.ts';
import { loadDefinition, migrate } from './migrate.ts';
import { prepareConsole } from './prepare-console.ts';
import { listSubgraphs, writeSupergraph } from './schema.ts';
import type { SeedReport } from './seed/seed.ts';
import { seedFleet } from './seed-fleet.ts';
import {
  graphqlUrl,
  openEntrance,
  startSubgraphs,
  startWorkers,
  subgraphUrls,
  writeSubgraphUrls,
} from './start-processes.ts';
import { createUndo, type Undo } from './undo.ts';

/** What the steps of a start hand on to each other. */
interface Start {
  readonly options: LocalOptions;
  readonly undo: Undo;
  readonly folder: DataFolder;
  readonly sources: readonly SubgraphSource[];
  readonly passwords: Readonly<Record<string, RolePasswords>>;
  readonly issuer: TokenIssuer;
}

/**
 * Starts the whole graph on this machine: Postgres, migrations, data, subgraphs with their workers, supergraph,
 * gateways. Resolves when it serves. Throws UserError for what a person can mend, after everything was taken back.
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalGraph> {
  const undo = createUndo();
  try {
    // A port that was named is looked at before anything is started, and again when it is needed.
    if (options.port !== undefined) await frontDoors(options);
    const start = await openStart(options, undo);
    const databases = await startDatabases(start);
    const seeded = await fillDatabases(start, databases);
    return await startProcesses(start, { databases, seeded });
  } catch (error) {
    const explained = explainFullDisk(error, folderOf(options));
    await undo.run().catch(() => {}); // the first failure is the one to tell
    throw options.signal?.aborted ? options.signal.reason : explained;
  }
}

const folderOf = ({ directory }: LocalOptions): string => directory ?? inClone('.data');

/** The port that clients are told, then one for each gateway beside it; a gateway without others has the first. */
const frontDoors = ({ port, copies = 1 }: LocalOptions): Promise<number[]> =>
  chooseFrontDoors(copies === 1 ? 1 : copies + 1, { from: port ?? FIRST_PORT, named: port !== undefined });

async function openStart(options: LocalOptions, undo: Undo): Promise<Start> {
  const folder = await openDataFolder(folderOf(options), { fresh: options.fresh ?? false });
  undo.add(() => folder.lock.release());
  const sources = listSubgraphs(options.subgraphList);
  const passwords = await databasePasswords(
    folder.secrets,
    sources.map(({ name }) => name),
  );
  const issuer = await openTokenIssuer(folder, options);
  return { options, undo, folder, sources, passwords, issuer };
}

async function startDatabases({ options, undo, folder }: Start): Promise<GraphFleet> {
  const { progress = SILENT, fresh = false } = options;
  const databases = await progress.step(
    'Starting Postgres',
    (tell) => startGraphFleet(folder, { fresh, tell, onNote: progress.note }),
    ({ fleet }) => `Postgres: ${fleet.shards.length} shards, each a primary and a streaming replica`,
  );
  undo.add(() => databases.stop());
  return databases;
}

async function fillDatabases(start: Start, { fleet, shardMap }: GraphFleet): Promise<SeedReport> {
  const { options, sources, passwords } = start;
  const { progress = SILENT, scale, signal } = options;
  signal?.throwIfAborted();
  await progress.step(
    'Migrating',
    async (tell) => {
      let applied = 0;
      for (const { name } of sources) {
        tell(name);
        const { [name]: roles = { owner: '', runtime: '' } } = passwords;
        applied += await migrate(await loadDefinition(name), { fleet, shardMap, passwords: roles });
      }
      return applied;
    },
    (applied) => (applied === 0 ? 'Migrations: nothing new' : `Migrations: ${applied} applied`),
  );
  signal?.throwIfAborted();
  return progress.step(
    'Seeding',
    (tell) => seedFleet({ fleet, shardMap }, { scale, signal, onProgress: ({ table, done }) => tell(table, done) }),
    ({ state, scale: size }) => `Data: scale ${size}, ${state === 'kept' ? 'kept from before' : 'seeded'}`,
  );
}

async function startProcesses(
  start: Start,
  { databases, seeded }: { readonly databases: GraphFleet; readonly seeded: SeedReport },
): Promise<LocalGraph> {
  const { options, undo, folder, sources, passwords, issuer } = start;
  const { progress = SILENT, copies = 1, production = false, signal, redisUrl, otlpUrl, paymentFaults } = options;
  signal?.throwIfAborted();
  const settings: GraphSettings = {
    folder,
    mode: production ? 'production' : 'development',
    secrets: await requestSecrets(folder.secrets),
    fleetFile: databases.fleet.file,
    accepted: issuer.accepted,
    redisUrl,
    otlpUrl,
    paymentFaults,
  };
  const supervisor = superviseInto(folder, undo, options);
  const cutOff = (): void => supervisor.kill();
  signal?.addEventListener('abort', cutOff, { once: true });
  const building =
    options.console && !production
      ? prepareConsole({ folder, issuer: issuer.demo, onNote: progress.note })
      : Promise.resolve(false);
  const group = { supervisor, settings, passwords };
  const named = options.port !== undefined;
  await progress.step(
    `Starting ${sources.length} subgraphs`,
    () => startSubgraphs(sources, { ...group, copies }),
    () => `Subgraphs: ${sources.map(({ name }) => name).join(', ')}${copies > 1 ? `, ${copies} copies each` : ''}`,
  );
  await progress.step('Composing the supergraph', async () => {
    await writeSubgraphUrls(folder.subgraphUrls, supervisor.children);
    const urls = Object.entries(subgraphUrls(supervisor.children));
    await writeSupergraph(
      sources,
      Object.fromEntries(urls.map(([name, [url = '']]) => [name, graphqlUrl(url)])),
      folder,
    );
  });
  const hasConsole = await building;
  const { gateways, url } = await progress.step(
    copies > 1 ? `Starting ${copies} gateways` : 'Starting the gateway',
    async () => {
      const [entrance] = await Promise.all([
        openEntrance(await frontDoors(options), { supervisor, settings, named, console: hasConsole, undo }),
        startWorkers(sources, group),
      ]);
      return entrance;
    },
    (entrance) => `Gateway: ${entrance.url}${copies > 1 ? `, ${copies} processes` : ''}`,
  );
  // From here on an end is one in order.
  signal?.removeEventListener('abort', cutOff);
  return describeGraph(start, { url, gateways, supervisor, fleet: databases.fleet, scale: seeded.scale, hasConsole });
}

function describeGraph(
  { folder, issuer, undo }: Start,
  running: {
    readonly url: string;
    readonly gateways: readonly Child[];
    readonly supervisor: Supervisor;
    readonly fleet: Fleet;
    readonly scale: number;
    readonly hasConsole: boolean;
  },
): LocalGraph {
  const { url, gateways, supervisor, fleet, scale, hasConsole } = running;
  const gatewayUrls = gateways.map(({ url }) => graphqlUrl(url));
  return {
    url,
    gatewayUrls,
    get subgraphUrls() {
      return subgraphUrls(supervisor.children);
    },
    get children() {
      return supervisor.children;
    },
    directory: folder.directory,
    fleet,
    scale,
    hasConsole,
    accepted: issuer.accepted,
    hasDemoUsers: issuer.demo !== undefined,
    token: issuer.demo?.token ?? refuseDemoUsers,
    stop: () => undo.run(),
  };
}

async function refuseDemoUsers(): Promise<never> {
  throw new UserError('The demo users are not let in here: start with --demo-issuer for them.');
}

function superviseInto(folder: DataFolder, undo: Undo, { progress = SILENT }: LocalOptions): Supervisor {
  const supervisor = createSupervisor({
    onNote: progress.note,
    onMoved: () => {
      writeSubgraphUrls(folder.subgraphUrls, supervisor.children).catch((error: unknown) =>
        progress.note(String(error)),
      );
    },
  });
  undo.add(() => supervisor.stop(['gateway', 'worker', 'subgraph']));
  return supervisor;
}
