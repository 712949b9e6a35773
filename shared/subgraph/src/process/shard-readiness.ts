import type { Database } from '@weft/database';
import { UserError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';

/**
 * Whether this process can serve. A shard whose migrations are behind the code stops it (UserError): its rows would be
 * read wrongly. A shard that is down does not, while another one is up: taking every copy of a subgraph out of service
 * because a third of its rows cannot be read would lose the other two thirds. Throws when no shard can be read.
 */
export function createShardReadiness<T>(
  database: Pick<Database<T>, 'check'>,
  telemetry: Telemetry,
): () => Promise<void> {
  let told = '';
  return async () => {
    try {
      await database.check();
      told = '';
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'SHARD_UNAVAILABLE') throw error;
      if (error.message !== told) telemetry.log.warn({ error }, 'Some shards are down; the others are served.');
      told = error.message;
    }
  };
}
