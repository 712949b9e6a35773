import type { SpanContext } from '@weft/telemetry';
import { compiledList } from '../compile/compiled-loaders.ts';
import { fill } from '../compile/statement.ts';
import type { ListLoader } from '../loaders.ts';
import type { BatchContext } from './batch-context.ts';
import { runBatch, runPart, type ShardBatch } from './run-batch.ts';

type Loader = ListLoader<unknown, unknown>;

/** One outcome a parent: its rows in the order of the statement, or an error. Parents are distinct. */
export function loadLists(
  context: BatchContext,
  loader: Loader,
  parents: readonly string[],
  links: readonly SpanContext[],
): Promise<unknown[]> {
  const options = { name: loader.name, route: loader.route, keys: parents, links };
  return runBatch(context, options, async (groups, outcomes) => {
    await Promise.all(
      groups.map((part) => runPart(part, outcomes, () => readShard(context, loader, parents, part, outcomes))),
    );
  });
}

async function readShard(
  context: BatchContext,
  loader: Loader,
  parents: readonly string[],
  part: ShardBatch,
  outcomes: unknown[],
): Promise<void> {
  const wanted = part.indexes.map((index) => parents[index] ?? '');
  const limit = wanted.length * loader.max + 1;
  const { prepared } = compiledList(loader);
  const { rows } = await context.read(
    part.shard,
    {
      ...prepared,
      parameters: fill(prepared, { keys: loader.route.toArray(wanted), limit }),
      loader: loader.name,
    },
    {
      ...context.limits,
      primary: context.hasWritten(part.shard) || context.rows.isFresh(loader.tag, wanted),
    },
  );
  // The limit was reached, so rows of any parent may be missing: ask for one parent at a time and find the one to blame.
  if (rows.length === limit && wanted.length > 1) {
    const single = part.indexes.map((index) => ({ shard: part.shard, indexes: [index] }));
    await Promise.all(
      single.map((one) => runPart(one, outcomes, () => readShard(context, loader, parents, one, outcomes))),
    );
    return;
  }
  const byParent = new Map<string, unknown[]>(wanted.map((parent) => [parent, []]));
  for (const row of rows) byParent.get(loader.parentOf(row))?.push(row);
  for (const index of part.indexes) {
    const parent = parents[index] ?? '';
    const list = byParent.get(parent) ?? [];
    outcomes[index] = list.length <= loader.max ? list : tooMany(loader, parent);
  }
}

/** Not for clients: the owner promised that there are never so many. */
function tooMany(loader: Loader, parent: string): Error {
  return new Error(
    `${loader.name}: ${parent} has more than ${loader.max} rows; a list that can grow needs a top loader`,
  );
}
