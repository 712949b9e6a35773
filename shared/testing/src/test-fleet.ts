import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, startFleet } from '@weft/postgres';

/**
 * Real Postgres servers for one test file, on free ports, with data that goes with them: also when the test process is
 * killed. About a second; `stop()` it in afterAll. Durable enough for kill -9 of a server, not for a power cut.
 */
export async function testFleet(options: {
  /** Part of the folder's name, so that a folder found later says whose it is. */
  readonly name: string;
  readonly shards?: number;
  /** Streaming replicas of each shard. */
  readonly replicas?: number;
}): Promise<Fleet> {
  const { name, shards = 3, replicas = 0 } = options;
  const directory = await mkdtemp(join(tmpdir(), `weft-test-${name}-`));
  // As root the servers run as another user, who must be able to pass through.
  await chmod(directory, 0o711);
  return startFleet({ directory, shards, replicas, durability: 'throwaway', removeWhenDone: true });
}
