import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SeedTable } from './table.ts';

/** Text is handed over in pieces of about this size: small enough to hold, large enough to make packets worth it. */
const PIECE_CHARACTERS = 64 * 1_024;

/** One `COPY ... FROM STDIN` on one shard. */
export interface ShardCopy {
  /** Takes a line. Gives a promise only when the shard is behind; then wait for it before the next line. */
  push(line: string): Promise<void> | undefined;
  /** Sends the rest. Resolves when the shard has taken every row. */
  end(): Promise<void>;
  readonly rows: number;
}

/** The table must have been truncated in this transaction: the rows are written frozen, so no vacuum has to touch them again. */
export function openShardCopy(client: Client, table: SeedTable): ShardCopy {
  const stream = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin (freeze)`));
  let piece = '';
  let rows = 0;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  stream.on('drain', () => wake());
  stream.on('error', (error) => {
    failure = error;
    wake();
  });

  const send = (): Promise<void> | undefined => {
    if (failure) throw failure;
    const full = !stream.write(piece);
    piece = '';
    if (!full) return undefined;
    return new Promise<void>((resolve, reject) => {
      wake = () => (failure ? reject(failure) : resolve());
    });
  };

  return {
    push(line) {
      rows++;
      piece += `${line}\n`;
      return piece.length < PIECE_CHARACTERS ? undefined : send();
    },
    async end() {
      if (piece !== '') await send();
      await new Promise<void>((resolve, reject) => {
        wake = () => (failure ? reject(failure) : undefined);
        stream.end(resolve);
      });
    },
    get rows() {
      return rows;
    },
  };
}
