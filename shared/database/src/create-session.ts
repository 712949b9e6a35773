import type { Telemetry } from '@weft/telemetry';
import type { BatchContext } from './batch/batch-context.ts';
import { createBatchers } from './batch/batchers.ts';
import { loadScatter } from './batch/load-scatter.ts';
import type { ScatterArguments } from './compile/compile-scatter.ts';
import { compiledTop } from './compile/compiled-loaders.ts';
import { ConstraintError } from './constraint-error.ts';
import { checkFirst } from './create-page.ts';
import { decodeCursor } from './cursor.ts';
import type { Reference } from './loaders.ts';
import type { Limits } from './server/run-statement.ts';
import type { DatabaseSession, Place, SessionOptions, ShardRead, Write } from './session.ts';

/** What a session asks of its database. */
export interface SessionHost<T> {
  readonly shards: readonly string[];
  readonly telemetry: Telemetry;
  shardOf(place: Place): string;
  /** A context for batches that sees the writes of one session. */
  batchContext(limits: Limits, hasWritten: (shard: string) => boolean): BatchContext;
  /** Something may have been written there: reads that run already are not answers for who asks from now on. */
  wrote(shard: string): void;
  reference<Row>(reference: Reference<T, Row>, context: BatchContext): Promise<readonly Row[]>;
  read<Row>(shard: string, read: ShardRead<T, Row>, limits: Limits & { readonly primary: boolean }): Promise<Row[]>;
  write<Row>(shard: string, write: Write<T, Row>, limits: Limits): Promise<Row[]>;
}

export function createSession<T>(host: SessionHost<T>, limits: SessionOptions): DatabaseSession<T> {
  const written = new Set<string>();
  const context = host.batchContext(limits, (shard) => written.has(shard));
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
      return host.read(shard, read, { ...limits, primary: read.from === 'primary' || written.has(shard) });
    },
    async write(write) {
      const shard = host.shardOf(write.at);
      // Before the write: also one whose outcome is not known is looked for on the primary.
      written.add(shard);
      try {
        return await writeOnceMore(() => host.write(shard, write, limits), write.retryOnTakenId === true);
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

async function writeOnceMore<Row>(write: () => Promise<Row[]>, mayRetry: boolean): Promise<Row[]> {
  try {
    return await write();
  } catch (error) {
    const isTaken = error instanceof ConstraintError && error.kind === 'unique' && error.constraint.endsWith('_pkey');
    if (mayRetry && isTaken) return write();
    throw error;
  }
}
