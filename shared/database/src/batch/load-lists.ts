import type { Span, SpanContext } from '@weft/telemetry';
import { compiledList } from '../compile/compiled-loaders.ts';
import { fill } from '../compile/statement.ts';
import type { ListLoader } from '../loaders.ts';
import type { BatchContext } from './batch-context.ts';
import type { LaneLimits } from './lane.ts';
import { readShared, runBatch, runPart, type ShardBatch } from './run-batch.ts';
import type { ReadKind, ReadPlace, SharedReadContext } from './shared-reads.ts';

type Loader = ListLoader<unknown, unknown>;

/** One outcome a parent: its rows in the order of the statement, or an error. Parents are distinct. */
export function loadLists(
  context: BatchContext,
  loader: Loader,
  parents: readonly string[],
  links: readonly SpanContext[],
): Promise<unknown[]> {
  const options = { name: loader.name, route: loader.route, keys: parents, links };
  return runBatch(context, options, async (groups, outcomes, span) => {
    await Promise.all(
      groups.map((part) => runPart(part, outcomes, () => readShard(context, loader, parents, part, outcomes, span))),
    );
  });
}

async function readShard(
  context: BatchContext,
  loader: Loader,
  parents: readonly string[],
  { shard, indexes }: ShardBatch,
  outcomes: unknown[],
  span: Span,
): Promise<void> {
  const wanted = indexes.map((index) => parents[index] ?? '');
  const isFresh = context.rows.isFresh(loader.tag, wanted);
  const lists = await readShared(context, LISTS, { loader, shard, isFresh }, wanted, span);
  for (const [position, index] of indexes.entries()) outcomes[index] = lists[position];
}

const LISTS: ReadKind<Loader, string> = { textOf: (parent) => parent, read: readLists };

async function readLists(
  context: SharedReadContext,
  place: ReadPlace<Loader>,
  parents: readonly string[],
  limits: LaneLimits,
): Promise<readonly unknown[]> {
  const { loader, shard, from } = place;
  const limit = parents.length * loader.max + 1;
  const { prepared } = compiledList(loader);
  const parameters = fill(prepared, { keys: loader.route.toArray(parents), limit });
  const { rows } = await context.read(
    shard,
    { ...prepared, parameters, loader: loader.name },
    { ...limits, primary: from === 'primary' },
  );
  // The limit was reached, so rows of any parent may be missing: ask for one parent at a time and find the one to blame.
  if (rows.length === limit && parents.length > 1) {
    const single = parents.map((parent) =>
      readLists(context, place, [parent], limits).catch((error: unknown) => [error]),
    );
    return (await Promise.all(single)).flat(1);
  }
  const byParent = new Map<string, unknown[]>(parents.map((parent) => [parent, []]));
  for (const row of rows) byParent.get(loader.parentOf(row))?.push(row);
  return [...byParent].map(([parent, list]) => (list.length <= loader.max ? list : tooMany(loader, parent)));
}

/** Not for clients: the owner promised that there are never so many. */
function tooMany(loader: Loader, parent: string): Error {
  return new Error(
    `${loader.name}: ${parent} has more than ${loader.max} rows; a list that can grow needs a top loader`,
  );
}
