import type { Telemetry } from '@weft/telemetry';
import type { BatchContext } from './batch/batch-context.ts';
import { createBatchers } from './batch/batchers.ts';
import { loadScatter } from './batch/load-scatter.ts';
import type { ScatterArguments } from './compile/compile-scatter.ts';
import { compiledTop } from './compile/compiled-loaders.ts';
import { ConstraintError } from './constraint-error.ts';
import { checkFirst } from './create-page.ts';
import { decodeCursor } from './cursor.ts';
import { toReadLimits } from './freshness.ts';
import type { Reference } from './loaders.ts';
import type { Limits } from './server/run-statement.ts';
import type { ReadLimits } from './server/shard.ts';
import type { DatabaseSession, Place, SessionOptions, ShardRead, Write } from './session.ts';
import { untilMoved } from './until-moved.ts';
import type { WriteToken } from './write-token.ts';

/** What a session asks of its database. */
export interface SessionHost<T> {
  readonly shards: readonly string[];
  readonly telemetry: Telemetry;
  shardOf(place: Place): string;
  /** A context for batches that sees what one session has to see. */
  batchContext(limits: Limits, freshness: BatchContext['freshness']): BatchContext;
  /** What the tokens that a caller brought ask for. */
  freshness(tokens: readonly WriteToken[]): BatchContext['freshness'];
  /** Something may have been written there: reads that run already are not answers for who asks from now on. */
  wrote(shard?: string): void;
  /** Takes the map that the shard has, when it is a newer one. */
  lookForMap(shard: string): Promise<void>;
  reference<Row>(reference: Reference<T, Row>, context: BatchContext): Promise<readonly Row[]>;
  read<Row>(shard: string, read: ShardRead<T, Row>, limits: ReadLimits): Promise<Row[]>;
  write<Row>(shard: string, write: Write<T, Row>, limits: Limits): Promise<Written<Row>>;
}

export interface Written<Row> {
  readonly rows: Row[];
  /** Undefined when no row was written. */
  readonly token: WriteToken | undefined;
}

export function createSession<T>(host: SessionHost<T>, { tokens = [], ...limits }: SessionOptions): DatabaseSession<T> {
  const written = new Map<string, WriteToken | undefined>();
  const brought = host.freshness(tokens);
  const freshness: BatchContext['freshness'] = (shard) => (written.has(shard) ? 'primary' : brought(shard));
  const context = host.batchContext(limits, freshness);
  const batchers = createBatchers(context);
  const references = new Map<object, Promise<readonly unknown[]>>();

  return {
    load: (loader, key) => batchers.rows(untyped(loader)).load(key) as never,
    loadMany: (loader, keys) => batchers.rows(untyped(loader)).loadMany(keys) as never,
    prime: (loader, row) => batchers.rows(untyped(loader)).prime(loader.keyOf(row), row),
    list: (loader, parent) => batchers.lists(untyped(loader)).load(parent) as never,
    async top(loader, { parent, first, after }) {
      checkFirst(first, loader.max);
      const { keyset } = compiledTop(untyped(loader));
      const start = after === undefined || after === null ? keyset.start : decodeCursor(loader.name, keyset, after);
      return (await batchers.tops(untyped(loader)).load({ parent, first, after: start })) as never;
    },
    async scatter(scatter, args, request) {
      return (await loadScatter(context, untyped(scatter), args as ScatterArguments, request, host.shards)) as never;
    },
    reference(reference) {
      const rows = references.get(reference) ?? host.reference(reference, context);
      references.set(reference, rows);
      return rows as never;
    },
    async read(read) {
      const shard = host.shardOf(read.at);
      const needed = read.from === 'primary' ? 'primary' : freshness(shard);
      return host.read(shard, read, { ...limits, ...toReadLimits(needed) });
    },
    tokens: () => [...written.values()].flatMap((token) => token ?? []),
    async write(write) {
      const writeNow = async () => {
        const shard = host.shardOf(write.at);
        // Before the write: also one whose outcome is not known is looked for on the primary.
        if (!written.has(shard)) written.set(shard, undefined);
        const done = await writeOnceMore(() => host.write(shard, write, limits), write.retryOnTakenId === true);
        if (done.token !== undefined) written.set(shard, done.token);
        return done.rows;
      };
      try {
        return await untilMoved(writeNow, () => host.lookForMap(host.shardOf(write.at)), limits);
      } finally {
        // What was loaded before the write may not be what is true after it.
        batchers.clear();
      }
    },
  };
}

/** Inside, tables and rows are unknown: a batch treats all alike, and the session's own types say what comes out. */
function untyped<Known, Unknown>(loader: Known): Unknown {
  return loader as unknown as Unknown;
}

async function writeOnceMore<Done>(write: () => Promise<Done>, mayRetry: boolean): Promise<Done> {
  try {
    return await write();
  } catch (error) {
    const isTaken = error instanceof ConstraintError && error.kind === 'unique' && error.constraint.endsWith('_pkey');
    if (mayRetry && isTaken) return write();
    throw error;
  }
}
