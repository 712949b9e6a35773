import type { Span, SpanContext } from '@weft/telemetry';
import { compiledTop } from '../compile/compiled-loaders.ts';
import type { OrderValues } from '../compile/keyset.ts';
import { createPage } from '../create-page.ts';
import type { TopLoader } from '../loaders.ts';
import type { BatchContext } from './batch-context.ts';
import { readShared, runBatch, runPart, type ShardBatch } from './run-batch.ts';
import type { ReadKind } from './shared-reads.ts';

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
  return runBatch(context, { name: loader.name, route: loader.route, keys, links }, async (groups, outcomes, span) => {
    await Promise.all(
      groups.map((part) => runPart(part, outcomes, () => readShard(context, loader, requests, part, outcomes, span))),
    );
  });
}

async function readShard(
  context: BatchContext,
  loader: Loader,
  requests: readonly TopRequest[],
  { shard, indexes }: ShardBatch,
  outcomes: unknown[],
  span: Span,
): Promise<void> {
  const asked = indexes.flatMap((index) => requests[index] ?? []);
  const parents = asked.map(({ parent }) => parent);
  const isFresh = context.rows.isFresh(loader.tag, parents);
  const lists = await readShared(context, TOPS, { loader, shard, isFresh }, asked, span);
  const { keyset } = compiledTop(loader);
  for (const [position, index] of indexes.entries()) {
    const rows = lists[position];
    outcomes[index] = Array.isArray(rows) ? createPage(loader.name, keyset, rows, asked[position]?.first ?? 0) : rows;
  }
}

/** The rows of each, one more than asked for where there is a next page. */
const TOPS: ReadKind<Loader, TopRequest> = {
  textOf: topKey,
  async read(context, { loader, shard, from }, asked, limits) {
    const { prepared, parameters } = compiledTop(loader);
    const askers = asked.map(({ parent, first, after }) => ({ parent, after, limit: first + 1 }));
    const statement = { ...prepared, parameters: parameters(askers), loader: loader.name };
    const { rows } = await context.read(shard, statement, { ...limits, primary: from === 'primary' });
    const byAsker: unknown[][] = askers.map(() => []);
    for (const row of rows as { readonly weft_asker: number }[]) byAsker[row.weft_asker - 1]?.push(row);
    return byAsker;
  },
};

/** Requests with one text are one load. */
export function topKey({ first, after, parent }: TopRequest): string {
  return `${first} ${after.join(' ')} ${parent}`;
}
