import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinaries } from './binaries.ts';
import { explainFailure } from './failure.ts';
import { createFleetControl, type FleetControl } from './fleet-control.ts';
import { lockFolder } from './folder-lock.ts';
import { foldersOfFleet, makeFleetFolder, removeFleetData, serversFolder } from './layout.ts';
import { choosePorts } from './ports.ts';
import { endLeftovers, prepareServers } from './prepare-servers.ts';
import { fleetSecrets, readJson, SUPERUSER, writeJson } from './secrets.ts';
import type { Server, ServerState } from './server.ts';
import type { Durability } from './settings.ts';
import type { ShardState } from './start-shard.ts';

export interface FleetShard {
  readonly name: string;
  readonly primary: Server;
  readonly replicas: readonly Server[];
}

/** Addresses without credentials: the content of fleet.json, which subgraphs read. */
export interface FleetFile {
  readonly shards: readonly { readonly name: string; readonly primary: string; readonly replicas: readonly string[] }[];
}

/** Real Postgres servers on 127.0.0.1, with one database, `weft`. */
export interface Fleet extends FleetControl {
  readonly directory: string;
  readonly shards: readonly FleetShard[];
  readonly servers: readonly Server[];
  readonly superuser: { readonly user: string; readonly password: string };
  readonly addresses: FleetFile;
  /** Path of fleet.json. */
  readonly file: string;
  /** Ends every server and lets go of the folder; its data stays, unless `removeWhenDone`. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** Holds everything: data, passwords, ports, logs. Made when it is not there. */
  readonly directory: string;
  readonly shards?: number;
  /** Streaming replicas of each shard. */
  readonly replicas?: number;
  /** Removes the data of an earlier fleet first. */
  readonly fresh?: boolean;
  readonly durability?: Durability;
  /** The whole folder goes with the fleet, also when this process is killed. */
  readonly removeWhenDone?: boolean;
  /** What is being done now, for a person. */
  readonly onProgress?: (text: string) => void;
  /** What a person should know after the start too. */
  readonly onNote?: (text: string) => void;
  /** A server ended that nobody asked to end. It stays down until `start`. */
  readonly onExit?: (server: Server) => void;
}

/**
 * Starts the fleet of a folder: makes it at the first start, else with its data as it was left. One process at a time
 * holds a folder. When this process is gone, however it went, its servers are ended by their keeper.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  let directory = options.directory;
  try {
    directory = await makeFleetFolder(options.directory);
    const lock = await lockFolder(directory);
    try {
      const { fleet, end } = await startLocked(directory, options);
      return {
        ...fleet,
        stop: async () => {
          await end();
          await lock.release();
        },
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw explainFailure(error, directory);
  }
}

type StoppedFleet = { fleet: Omit<Fleet, 'stop'>; end: () => Promise<void> };

async function startLocked(directory: string, options: FleetOptions): Promise<StoppedFleet> {
  const { shards: shardCount = 3, replicas: replicaCount = 1, durability = 'kept', onProgress = () => {} } = options;
  const onNote = options.onNote ?? onProgress;
  const binaries = await findBinaries();
  if (options.fresh) {
    await endLeftovers(join(directory, 'servers'));
    await removeFleetData(directory);
  }
  const folder = await serversFolder(directory, onNote);
  if ((await endLeftovers(folder)) > 0) onNote('Ended database servers that an earlier start had left running.');
  const secrets = await fleetSecrets(directory);
  const logs = join(directory, 'logs');
  await mkdir(logs, { recursive: true });

  const shards = Array.from({ length: shardCount }, (_, index) =>
    describeShard(`shard-${index + 1}`, replicaCount, { folder, logs }),
  );
  const servers = shards.flatMap(({ primary, replicas }) => [primary, ...replicas]);
  onProgress('preparing the databases');
  const toCopy = await prepareServers(shards, { folder, binaries, secrets });
  await assignPorts(directory, servers);

  onProgress(`starting ${servers.length} Postgres servers`);
  const running = await createFleetControl({
    shards,
    binaries,
    secrets,
    durability,
    toCopy,
    onExit: options.onExit ?? (() => {}),
    foldersToRemove: options.removeWhenDone ? foldersOfFleet(directory, folder) : [],
  });
  const file = join(directory, 'fleet.json');
  const addresses = addressesOf(shards);
  // Ports may have moved while the servers started: another process was quicker.
  await rememberPorts(directory, servers);
  await writeJson(file, addresses);
  const superuser = { user: SUPERUSER, password: secrets.superuser };
  return { fleet: { ...running.control, directory, shards, servers, superuser, addresses, file }, end: running.end };
}

function describeShard(
  shard: string,
  replicaCount: number,
  { folder, logs }: { readonly folder: string; readonly logs: string },
): ShardState {
  const server = (name: string, role: Server['role']): ServerState => ({
    name,
    shard,
    role,
    host: '127.0.0.1',
    port: 0,
    pid: 0,
    directory: join(folder, name),
    log: join(logs, `${name}.log`),
  });
  const replicas = Array.from({ length: replicaCount }, (_, index) =>
    server(`${shard}-replica-${index + 1}`, 'replica'),
  );
  return { name: shard, primary: server(shard, 'primary'), replicas };
}

const portsFile = (directory: string): string => join(directory, 'ports.json');

/** The ports of the start before when they are free: a psql or a dashboard that points there goes on working. */
async function assignPorts(directory: string, servers: readonly ServerState[]): Promise<void> {
  const before = (await readJson<Record<string, number>>(portsFile(directory))) ?? {};
  const names = servers.map(({ name }) => name);
  const ports = await choosePorts(names, before);
  for (const server of servers) server.port = ports[server.name] ?? 0;
}

async function rememberPorts(directory: string, servers: readonly Server[]): Promise<void> {
  await writeJson(portsFile(directory), Object.fromEntries(servers.map(({ name, port }) => [name, port])));
}

function addressesOf(shards: readonly FleetShard[]): FleetFile {
  const url = ({ host, port }: Server) => `postgres://${host}:${port}/weft`;
  return {
    shards: shards.map(({ name, primary, replicas }) => ({ name, primary: url(primary), replicas: replicas.map(url) })),
  };
}
