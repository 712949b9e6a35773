import type { Connections } from './connections.ts';
import { judge } from './failure.ts';

export type TransactionQuery = (sql: string, parameters?: readonly unknown[]) => Promise<unknown[]>;

/** A connection for `work` alone: begin, work, commit, or rollback and the error of `work`. Every statement has `longestMs`. */
export async function runTransaction<Result>(
  connections: Connections,
  longestMs: number,
  work: (query: TransactionQuery) => Promise<Result>,
): Promise<Result> {
  const held = await connections.take();
  let broken = true;
  const query: TransactionQuery = async (sql, parameters = []) => {
    // `query_timeout` is pg's own and missing in its types; a connection that met it is thrown away below.
    const statement = { text: sql, values: [...parameters], query_timeout: longestMs };
    const result = await held.client.query<Record<string, unknown>>(statement);
    return result.rows;
  };
  try {
    await query('begin');
    const result = await work(query);
    await query('commit');
    broken = false;
    return result;
  } catch (error) {
    if (judge(error, '').verdict !== 'down') {
      broken = await query('rollback').then(
        () => false,
        () => true,
      );
    }
    throw error;
  } finally {
    held.giveBack(broken);
  }
}
