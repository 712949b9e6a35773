import type { Database } from '@weft/database';
import { GraphError, UserError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';

/** Shards that were right stay so until somebody migrates them or moves buckets: no need to ask at every probe. */
const RECHECK_MS = 10_000;

/**
 * Whether this process can serve. A shard whose migrations are behind the code stops it (UserError): its rows would be
 * read wrongly. A shard that is down does not, while another one is up: taking every copy of a subgraph out of service
 * because a third of its rows cannot be read would lose the other two thirds. Throws when no shard can be read.
 */
export function createShardReadiness<T>(
  database: Pick<Database<T>, 'check' | 'health'>,
  telemetry: Telemetry,
): () => Promise<void> {
  let rightUntil = 0;
  let told = '';
  return async () => {
    if (performance.now() < rightUntil) {
      if (database.health().some(({ up }) => up)) return;
      throw new GraphError('SHARD_UNAVAILABLE', 'No shard answers.');
    }
    try {
      await database.check();
      rightUntil = performance.now() + RECHECK_MS;
      told = '';
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'SHARD_UNAVAILABLE') throw error;
      if (error.message !== told) telemetry.log.warn({ error }, 'Some shards are down; the others are served.');
      told = error.message;
    }
  };
}
