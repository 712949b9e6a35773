import type { Database } from '@weft/database';
import { isGraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';

/**
 * Whether this process can serve. A shard whose migrations are behind the code stops it (UserError): its rows would be
 * read wrongly. A shard that is down does not, while another one is up: taking every copy of a subgraph out of service
 * because a third of its rows cannot be read would lose the other two thirds. Throws when no shard can be read.
 */
export function createShardReadiness<T>(database: Database<T>, telemetry: Telemetry): () => Promise<void> {
  let known = '';
  return async () => {
    try {
      await database.check();
      known = '';
    } catch (error) {
      if (!isGraphError(error) || error.code !== 'SHARD_UNAVAILABLE') throw error;
      const up = shardsUp(database);
      if (up.length === 0) throw error;
      const down = database.shards.filter((shard) => !up.includes(shard)).join(', ');
      if (down !== known)
        telemetry.log.warn({ down, up: up.join(', ') }, 'Some shards are down; the others are served.');
      known = down;
    }
  };
}

function shardsUp<T>(database: Database<T>): string[] {
  return [
    ...new Set(
      database
        .health()
        .filter(({ up }) => up)
        .map(({ shard }) => shard),
    ),
  ];
}
