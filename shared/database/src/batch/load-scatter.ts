import { ATTRIBUTES, SPANS } from '@weft/telemetry';
import type { ScatterArguments } from '../compile/compile-scatter.ts';
import { compiledScatter } from '../compile/compiled-loaders.ts';
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
  const attributes = { [ATTRIBUTES.loader]: scatter.name };
  const { home, telemetry } = context;
  const asker = home && telemetry.activeSpanContext();
  const links = asker === undefined || asker.spanId === home?.spanId ? [] : [asker];
  return telemetry.span(SPANS.subgraphBatch, { parent: home, attributes, links }, async () => {
    const readOne = async (shard: string): Promise<Readonly<Record<string, unknown>>[]> => {
      const statement = {
        ...shape.prepared,
        parameters: parameters(shape, args, start, first + 1),
        loader: scatter.name,
      };
      const answer = await context.read(shard, statement, {
        ...context.limits,
        ...toReadLimits(context.freshness(shard)),
      });
      return answer.rows as Readonly<Record<string, unknown>>[];
    };
    const lists = await mapBounded(shards, AT_A_TIME, readOne);
    return createPage(scatter.name, keyset, mergeOrdered(keyset, lists, first + 1), first);
  });
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
