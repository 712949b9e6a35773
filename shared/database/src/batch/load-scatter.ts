import { BUCKETS, bucketOfId, isId } from '@weft/ids';
import { ATTRIBUTES, SPANS } from '@weft/telemetry';
import type { ScatterArguments } from '../compile/compile-scatter.ts';
import { compiledScatter } from '../compile/compiled-loaders.ts';
import type { OrderValues } from '../compile/keyset.ts';
import { checkFirst, createPage } from '../create-page.ts';
import { decodeCursor } from '../cursor.ts';
import { toReadLimits } from '../freshness.ts';
import type { Scatter } from '../loaders.ts';
import { mergeOrdered } from '../merge-pages.ts';
import type { Page, PageRequest } from '../order.ts';
import type { BatchContext } from './batch-context.ts';

/** Shards asked at a time; a fleet of hundreds must not open a connection to each for one page. */
const AT_A_TIME = 8;

/**
 * One page over all shards: each gives its own first rows and the lists are merged. A shard that cannot be read fails
 * the whole page with SHARD_UNAVAILABLE: a page that leaves its rows out, and a cursor that skips them, would be wrong data.
 */
export function loadScatter(
  context: BatchContext,
  scatter: Scatter<unknown, unknown, unknown>,
  args: ScatterArguments,
  { first, after }: PageRequest,
  shards: readonly string[],
): Promise<Page<unknown>> {
  const { keyset, shapeOf, parameters } = compiledScatter(scatter);
  checkFirst(first, scatter.max);
  const start = after === undefined || after === null ? keyset.start : decodeCursor(scatter.name, keyset, after);
  const shape = shapeOf(args);
  // One map for all shards: one that changes between two of them would give a row twice, or never.
  const owners = Array.from({ length: BUCKETS }, (_, bucket) => context.shardOfBucket(bucket));
  const attributes = { [ATTRIBUTES.loader]: scatter.name };
  const { home, telemetry } = context;
  const asker = home && telemetry.activeSpanContext();
  const links = asker === undefined || asker.spanId === home?.spanId ? [] : [asker];
  return telemetry.span(SPANS.subgraphBatch, { parent: home, attributes, links }, async () => {
    const readAfter = async (shard: string, after: OrderValues): Promise<ScatterRow[]> => {
      const statement = {
        ...shape.prepared,
        parameters: parameters(shape, args, after, first + 1),
        loader: scatter.name,
      };
      const limits = { ...context.limits, ...toReadLimits(context.freshness(shard)) };
      return (await context.read(shard, statement, limits)).rows as ScatterRow[];
    };
    /** The first rows that lie on the shard: while buckets move, it also has some that lie elsewhere. */
    const readOne = async (shard: string): Promise<ScatterRow[]> => {
      const own: ScatterRow[] = [];
      for (let after = start; ; ) {
        const rows = await readAfter(shard, after);
        own.push(...rows.filter((row) => liesOn(owners, shard, keyset.valuesOf(row))));
        const last = rows.at(-1);
        if (own.length > first || rows.length <= first || last === undefined) return own.slice(0, first + 1);
        after = keyset.valuesOf(last);
      }
    };
    const lists = await mapBounded(shards, AT_A_TIME, readOne);
    return createPage(scatter.name, keyset, mergeOrdered(keyset, lists, first + 1), first);
  });
}

type ScatterRow = Readonly<Record<string, unknown>>;

/** By the last of its order values, which is its id. */
function liesOn(owners: readonly string[], shard: string, values: OrderValues): boolean {
  const id = values.at(-1);
  return !isId(id) || owners[bucketOfId(id)] === shard;
}

/** Results in the order of the items; fails with the first failure. */
async function mapBounded<Item, Result>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, worker));
  return results;
}
