import { type Keeper, startKeeper } from './keeper-client.ts';
import { endPostmaster, isAlive, signalTree, waitForExit } from './processes.ts';
import type { Server, ServerState } from './server.ts';
import { type ShardStart, type ShardState, startAgain, startShard } from './start-shard.ts';

/** Faults on purpose, and their end. Each resolves when it has happened. */
export interface FleetControl {
  /** SIGSTOP to the postmaster and all its backends: connections stay open and nothing answers. */
  pause(server: Server): Promise<void>;
  resume(server: Server): Promise<void>;
  /** SIGKILL to the postmaster and all its backends. */
  kill(server: Server): Promise<void>;
  /** Starts a server that is down, on its port, with its data. */
  start(server: Server): Promise<void>;
  /** Pid of the process that owns the postmasters. */
  keeperPid(): number;
}

interface ControlOptions extends Omit<ShardStart, 'keeper'> {
  readonly shards: readonly ShardState[];
  readonly onExit: (server: Server) => void;
  /** Removed by the keeper at its very end. */
  readonly foldersToRemove: readonly string[];
}

/** Starts all servers, replicas after their primary, and gives what controls them. Ends all again when one fails. */
export async function createFleetControl(
  options: ControlOptions,
): Promise<{ control: FleetControl; end: () => Promise<void> }> {
  const { shards, foldersToRemove } = options;
  const servers = shards.flatMap(({ primary, replicas }) => [primary, ...replicas]);
  let up = false;
  let ending = false;

  const onExit = (name: string, pid: number): void => {
    const server = servers.find((candidate) => candidate.name === name);
    // A server that was killed on purpose has no pid any more, one that was started again has another.
    if (server?.pid !== pid) return;
    server.pid = 0;
    if (up && !ending) options.onExit(server);
  };
  const newKeeper = (): Keeper => startKeeper({ onExit, onLost: adoptAll, foldersToRemove });
  /** Someone ended the keeper: a new one looks after the servers, which still run. */
  function adoptAll(): void {
    if (ending) return;
    keeper = newKeeper();
    for (const { name, role, pid } of servers) {
      if (pid > 0) keeper.adopt({ name, follows: role === 'replica', pid }).catch(() => {});
    }
  }
  let keeper = newKeeper();
  const end = async (): Promise<void> => {
    ending = true;
    await keeper.end();
    // Only those that a keeper which was killed a moment ago could not end.
    await Promise.all(servers.filter(({ pid }) => isAlive(pid)).map(({ pid }) => endPostmaster(pid)));
  };
  const stateOf = (server: Server): ServerState => {
    const state = servers.find(({ name }) => name === server.name);
    if (!state) throw new Error(`${server.name} is no server of this fleet`);
    return state;
  };
  const running = (server: Server): ServerState => {
    const state = stateOf(server);
    if (state.pid === 0) throw new Error(`${server.name} does not run`);
    return state;
  };

  try {
    await Promise.all(shards.map((shard) => startShard(shard, { ...options, keeper })));
    up = true;
  } catch (error) {
    await end();
    throw error;
  }
  const control: FleetControl = {
    pause: async (server) => signalTree(running(server).pid, 'SIGSTOP'),
    resume: async (server) => signalTree(running(server).pid, 'SIGCONT'),
    kill: async (server) => {
      const state = running(server);
      const { pid } = state;
      state.pid = 0;
      signalTree(pid, 'SIGKILL');
      await waitForExit(pid, 5_000);
    },
    start: async (server) => startAgain(stateOf(server), shards, { ...options, keeper }),
    keeperPid: () => keeper.pid,
  };
  return { control, end };
}
