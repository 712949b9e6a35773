import type { SpanContext, Telemetry } from '@weft/telemetry';
import DataLoader from 'dataloader';
import type { BatchContext } from './batch/batch-context.ts';
import { loadLists } from './batch/load-lists.ts';
import { loadRows } from './batch/load-rows.ts';
import { loadScatter } from './batch/load-scatter.ts';
import { loadTops, type TopRequest } from './batch/load-tops.ts';
import type { ScatterArguments } from './compile/compile-scatter.ts';
import { compiledTop } from './compile/compiled-loaders.ts';
import { ConstraintError } from './constraint-error.ts';
import { checkFirst } from './create-page.ts';
import { decodeCursor } from './cursor.ts';
import type { ListLoader, Reference, RowLoader, Scatter, TopLoader } from './loaders.ts';
import type { Page, PageRequest } from './order.ts';
import type { Limits } from './server/run-statement.ts';
import type { DatabaseSession, Place, SessionOptions, ShardRead, Write } from './session.ts';

/** Larger batches are split: an array of this many keys is one that Postgres still plans as an index scan. */
const MOST_KEYS = 1_000;

/** What a session asks of its database. */
export interface SessionHost<T> {
  readonly shards: readonly string[];
  readonly telemetry: Telemetry;
  shardOf(place: Place): string;
  /** A context for batches that sees the writes of one session. */
  batchContext(limits: Limits, hasWritten: (shard: string) => boolean): BatchContext;
  reference<Row>(reference: Reference<T, Row>, context: BatchContext): Promise<readonly Row[]>;
  read<Row>(shard: string, read: ShardRead<T, Row>, limits: Limits & { readonly primary: boolean }): Promise<Row[]>;
  write<Row>(shard: string, write: Write<T, Row>, limits: Limits): Promise<Row[]>;
}

type AnyDataLoader = DataLoader<unknown, unknown, string>;

export function createSession<T>(host: SessionHost<T>, options: SessionOptions): DatabaseSession<T> {
  const written = new Set<string>();
  const limits: Limits = options;
  const context = host.batchContext(limits, (shard) => written.has(shard));
  const batchers = new Map<object, Batcher>();
  const references = new Map<object, Promise<readonly unknown[]>>();

  const batcherOf = (loader: object, make: () => Batcher): Batcher => {
    const known = batchers.get(loader);
    if (known !== undefined) return known;
    const made = make();
    batchers.set(loader, made);
    return made;
  };

  const rowBatcher = (loader: RowLoader<T, never>): Batcher =>
    batcherOf(loader, () => {
      const untyped = loader as unknown as RowLoader<unknown, unknown>;
      return createBatcher<string>(host.telemetry, (keys, links) => loadRows(context, untyped, keys, links));
    });

  const rowsOf = <Row>(loader: RowLoader<T, Row>): Batcher => rowBatcher(loader as unknown as RowLoader<T, never>);

  return {
    load: <Row>(loader: RowLoader<T, Row>, key: string) => rowsOf(loader).load(key) as Promise<Row | null>,
    loadMany: <Row>(loader: RowLoader<T, Row>, keys: readonly string[]) =>
      rowsOf(loader).loadMany(keys) as Promise<(Row | null | Error)[]>,
    prime: <Row>(loader: RowLoader<T, Row>, row: Row) => rowsOf(loader).prime(loader.keyOf(row), row),

    list<Row>(loader: ListLoader<T, Row>, parent: string) {
      const batcher = batcherOf(loader, () => {
        const untyped = loader as unknown as ListLoader<unknown, unknown>;
        return createBatcher<string>(host.telemetry, (keys, links) => loadLists(context, untyped, keys, links));
      });
      return batcher.load(parent) as Promise<readonly Row[]>;
    },

    async top<Row>(loader: TopLoader<T, Row>, request: PageRequest & { readonly parent: string }) {
      const untyped = loader as unknown as TopLoader<unknown, unknown>;
      const { parent, first, after } = request;
      checkFirst(first, loader.max);
      const { keyset } = compiledTop(untyped);
      const start = after === undefined || after === null ? keyset.start : decodeCursor(loader.name, keyset, after);
      const batcher = batcherOf(loader, () =>
        createBatcher<TopRequest>(
          host.telemetry,
          (requests, links) => loadTops(context, untyped, requests, links),
          (top) => `${top.first} ${top.after.join(' ')} ${top.parent}`,
        ),
      );
      return (await batcher.load({ parent, first, after: start })) as Page<Row>;
    },

    async scatter<Args, Row>(scatter: Scatter<T, Args, Row>, args: Args, request: PageRequest) {
      const untyped = scatter as unknown as Scatter<unknown, unknown, unknown>;
      return (await loadScatter(context, untyped, args as ScatterArguments, request, host.shards)) as Page<Row>;
    },

    reference<Row>(reference: Reference<T, Row>) {
      let rows = references.get(reference);
      if (rows === undefined) {
        rows = host.reference(reference, context);
        references.set(reference, rows);
      }
      return rows as Promise<readonly Row[]>;
    },

    async read<Row>(read: ShardRead<T, Row>) {
      const shard = host.shardOf(read.at);
      return host.read(shard, read, { ...limits, primary: read.from === 'primary' || written.has(shard) });
    },

    async write<Row>(write: Write<T, Row>) {
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

async function writeOnceMore<Row>(write: () => Promise<Row[]>, mayRetry: boolean): Promise<Row[]> {
  try {
    return await write();
  } catch (error) {
    const isTaken = error instanceof ConstraintError && error.kind === 'unique' && error.constraint.endsWith('_pkey');
    if (mayRetry && isTaken) return write();
    throw error;
  }
}

interface Batcher {
  load(key: unknown): Promise<unknown>;
  loadMany(keys: readonly unknown[]): Promise<unknown[]>;
  prime(key: unknown, value: unknown): void;
}

/** A DataLoader that remembers which spans asked, so that the batch can be linked to all of them. */
function createBatcher<Key>(
  telemetry: Telemetry,
  loadBatch: (keys: readonly Key[], links: readonly SpanContext[]) => Promise<unknown[]>,
  cacheKeyFn?: (key: Key) => string,
): Batcher {
  let askers = new Map<string, SpanContext>();
  const loader = new DataLoader<unknown, unknown, string>(
    (keys) => {
      const asked = askers;
      askers = new Map();
      const parent = telemetry.activeSpanContext();
      if (parent !== undefined) asked.delete(parent.spanId);
      return loadBatch(keys as readonly Key[], [...asked.values()]) as Promise<(unknown | Error)[]>;
    },
    {
      maxBatchSize: MOST_KEYS,
      cacheKeyFn: (cacheKeyFn ?? String) as (key: unknown) => string,
    },
  ) satisfies AnyDataLoader;

  const noteAsker = (): void => {
    const span = telemetry.activeSpanContext();
    if (span !== undefined && !askers.has(span.spanId)) askers.set(span.spanId, span);
  };
  return {
    load(key) {
      noteAsker();
      return loader.load(key);
    },
    loadMany(keys) {
      noteAsker();
      return loader.loadMany(keys);
    },
    prime: (key, value) => void loader.prime(key, value),
  };
}
