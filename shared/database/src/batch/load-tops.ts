import type { SpanContext } from '@weft/telemetry';
import { compiledTop } from '../compile/compiled-loaders.ts';
import type { OrderValues } from '../compile/keyset.ts';
import { createPage } from '../create-page.ts';
import type { TopLoader } from '../loaders.ts';
import type { BatchContext } from './batch-context.ts';
import { runBatch, runPart, type ShardBatch } from './run-batch.ts';

type Loader = TopLoader<unknown, unknown>;

export interface TopRequest {
  readonly parent: string;
  readonly first: number;
  readonly after: OrderValues;
}

/** One page a request. */
export function loadTops(
  context: BatchContext,
  loader: Loader,
  requests: readonly TopRequest[],
  links: readonly SpanContext[],
): Promise<unknown[]> {
  const keys = requests.map(({ parent }) => parent);
  return runBatch(context, { name: loader.name, route: loader.route, keys, links }, async (groups, outcomes) => {
    await Promise.all(
      groups.map((part) => runPart(part, outcomes, () => readShard(context, loader, requests, part, outcomes))),
    );
  });
}

async function readShard(
  context: BatchContext,
  loader: Loader,
  requests: readonly TopRequest[],
  { shard, indexes }: ShardBatch,
  outcomes: unknown[],
): Promise<void> {
  const asked = indexes.flatMap((index) => requests[index] ?? []);
  const { prepared, parameters, keyset } = compiledTop(loader);
  // One more than asked for says whether there is a next page.
  const askers = asked.map(({ parent, first, after }) => ({ parent, after, limit: first + 1 }));
  const primary =
    context.hasWritten(shard) ||
    context.rows.isFresh(
      loader.tag,
      asked.map(({ parent }) => parent),
    );
  const { rows } = await context.read(
    shard,
    { ...prepared, parameters: parameters(askers), loader: loader.name },
    { ...context.limits, primary },
  );
  const byAsker: unknown[][] = askers.map(() => []);
  for (const row of rows as { readonly weft_asker: number }[]) byAsker[row.weft_asker - 1]?.push(row);
  for (const [position, index] of indexes.entries()) {
    outcomes[index] = createPage(loader.name, keyset, byAsker[position] ?? [], asked[position]?.first ?? 0);
  }
}
