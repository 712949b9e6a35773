import type { StatementRecord } from '@weft/database';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import type { ReviewsTables } from '../src/database/tables.ts';
import { subgraph } from '../src/subgraph.ts';

export interface ReviewsOnAFleet extends SubgraphOnFleet<ReviewsTables> {
  readonly fleet: Awaited<ReturnType<typeof testFleet>>;
  /** Every statement of the subgraph; a test empties it. */
  readonly statements: StatementRecord[];
  /** One statement on every primary; the rows of all shards. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** Real Postgres on three shards, migrated, and the subgraph answering on a free port. `stop()` ends all of it. */
export async function startReviews(name: string): Promise<ReviewsOnAFleet> {
  const fleet = await testFleet({ name, shards: 3 });
  try {
    const statements: StatementRecord[] = [];
    const running = await startOnFleet(subgraph, fleet, {
      onStatement(each) {
        // Asked by the process itself once its listening connection stands, whenever that is.
        if (each.loader !== 'map') statements.push(each);
      },
    });
    const { database } = running;
    return {
      ...{ ...running, fleet, statements },
      async query<Row>(sql: string, parameters?: readonly unknown[]) {
        const rows = await Promise.all(database.shards.map((shard) => database.query<Row>(shard, sql, parameters)));
        return rows.flat();
      },
      async stop() {
        await running.stop();
        await fleet.stop();
      },
    };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}
