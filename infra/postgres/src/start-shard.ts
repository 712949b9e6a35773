import type { Binaries } from './binaries.ts';
import type { Keeper } from './keeper-client.ts';
import { choosePorts } from './ports.ts';
import { copyPrimary, ensureSlots, slotOf, waitForStreaming } from './replication.ts';
import { type FleetSecrets, REPLICATION_USER } from './secrets.ts';
import { type Server, ServerStartError, type ServerState, startServer } from './server.ts';
import type { Durability, ServerSettings } from './settings.ts';

/** A shard of the fleet with the state of its servers. */
export interface ShardState {
  readonly name: string;
  readonly primary: ServerState;
  readonly replicas: readonly ServerState[];
}

/** What every start of a server needs. */
export interface ShardStart {
  readonly keeper: Keeper;
  readonly binaries: Binaries;
  readonly secrets: FleetSecrets;
  readonly durability: Durability;
  /** Replicas whose folder must be made from that of their primary first. */
  readonly toCopy: readonly Server[];
}

/** A replica that has not connected by then has lost its place in the log, and is copied anew. */
const STREAMING_TIMEOUT_MS = 15_000;
const PORT_ATTEMPTS = 5;

/** Starts a primary, then its replicas, and waits until they stream. */
export async function startShard(shard: ShardState, start: ShardStart): Promise<void> {
  const { primary, replicas } = shard;
  const password = start.secrets.superuser;
  await startOnAnyPort(primary, undefined, start);
  await ensureSlots(primary, replicas, password);
  const toCopy = replicas.filter((replica) => start.toCopy.some(({ name }) => name === replica.name));
  if (toCopy.length > 0) await copyAnew(primary, toCopy, start);
  await Promise.all(replicas.map((replica) => startReplica(replica, primary, start)));
  const lost = await waitForStreaming(primary, replicas, { password, timeoutMs: STREAMING_TIMEOUT_MS });
  if (lost.length === 0) return;
  const lostReplicas = replicas.filter((replica) => lost.includes(replica));
  await copyAnew(primary, lostReplicas, start);
  await Promise.all(lostReplicas.map((replica) => startReplica(replica, primary, start)));
  const stillLost = await waitForStreaming(primary, lostReplicas, { password, timeoutMs: STREAMING_TIMEOUT_MS });
  if (stillLost.length === 0) return;
  throw new Error(
    `${stillLost.map(({ name }) => name).join(', ')} does not follow ${primary.name} (log: ${stillLost[0]?.log})`,
  );
}

/** Starts a server that is down, on the port it had. */
export async function startAgain(server: ServerState, shards: readonly ShardState[], start: ShardStart): Promise<void> {
  const shard = shards.find(({ name }) => name === server.shard);
  const follows = server.role === 'replica' ? shard?.primary : undefined;
  await startServer(server, settingsOf(server, follows, start), start);
}

const startReplica = (replica: ServerState, primary: Server, start: ShardStart): Promise<void> =>
  startOnAnyPort(replica, primary, start);

/** Another process can take a port between our look at it and Postgres: then the server moves to another one. */
async function startOnAnyPort(server: ServerState, primary: Server | undefined, start: ShardStart): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startServer(server, settingsOf(server, primary, start), start);
    } catch (error) {
      if (!(error instanceof ServerStartError && error.portTaken) || attempt === PORT_ATTEMPTS) throw error;
      server.port = (await choosePorts([server.name], {}))[server.name] ?? server.port;
    }
  }
}

function settingsOf(server: Server, primary: Server | undefined, start: ShardStart): ServerSettings {
  const { port } = server;
  const { durability, secrets } = start;
  if (!primary) return { port, durability };
  const follows = {
    port: primary.port,
    slot: slotOf(server),
    user: REPLICATION_USER,
    password: secrets.replication,
  };
  return { port, durability, follows };
}

/** The primary stops for the copy: its folder is then whole as it lies there. */
async function copyAnew(primary: ServerState, replicas: readonly ServerState[], start: ShardStart): Promise<void> {
  await start.keeper.stop([primary.name, ...replicas.map(({ name }) => name)]);
  for (const replica of replicas) await copyPrimary(primary, replica);
  await startOnAnyPort(primary, undefined, start);
}
