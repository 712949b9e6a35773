import { ATTRIBUTES, type Span, type SpanContext } from '@weft/telemetry';
import { compiledRow } from '../compile/compiled-loaders.ts';
import { fill } from '../compile/statement.ts';
import type { RowLoader } from '../loaders.ts';
import type { BatchContext } from './batch-context.ts';
import { readShared, runBatch, runPart, type ShardBatch } from './run-batch.ts';
import type { ReadKind } from './shared-reads.ts';

type Loader = RowLoader<unknown, unknown>;

/** One outcome a key, in the order of the keys: the row, null, or the error of its shard. Keys are distinct. */
export function loadRows(
  context: BatchContext,
  loader: Loader,
  keys: readonly string[],
  links: readonly SpanContext[],
): Promise<unknown[]> {
  const options = { name: loader.name, route: loader.route, keys, links };
  return runBatch(context, options, async (groups, outcomes, span) => {
    const missing = await readCached(context, loader, keys, groups, outcomes, span);
    await Promise.all(
      missing.map((part) => runPart(part, outcomes, () => readShard(context, loader, keys, part, outcomes, span))),
    );
  });
}

/** Puts cached rows at their keys and gives the parts of the batch that are left, without any that came to nothing. */
async function readCached(
  context: BatchContext,
  loader: Loader,
  keys: readonly string[],
  groups: readonly ShardBatch[],
  outcomes: unknown[],
  span: Span,
): Promise<readonly ShardBatch[]> {
  const cached = groups.filter(
    ({ shard }) => context.rows.isUsable(loader, shard) && context.freshness(shard) === 'any',
  );
  if (cached.length === 0) return groups;
  const indexes = cached.flatMap((group) => group.indexes);
  const texts = await context.rows.read(
    loader,
    indexes.map((index) => keys[index] ?? ''),
  );
  const hits = new Set<number>();
  for (const [position, index] of indexes.entries()) {
    const row = parseRow(texts[position]);
    if (row === undefined) continue;
    outcomes[index] = row;
    hits.add(index);
  }
  if (span.recording) {
    span.setAttribute(ATTRIBUTES.cache, hits.size === 0 ? 'miss' : hits.size === keys.length ? 'hit' : 'partial');
  }
  if (hits.size === 0) return groups;
  return groups
    .map(({ shard, indexes: all }) => ({ shard, indexes: all.filter((index) => !hits.has(index)) }))
    .filter((part) => part.indexes.length > 0);
}

/**
 * Undefined when there is none, or when the second level holds something else. Parsed for each reader: an object that two
 * requests share is one that either can change.
 */
function parseRow(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readShard(
  context: BatchContext,
  loader: Loader,
  keys: readonly string[],
  { shard, indexes }: ShardBatch,
  outcomes: unknown[],
  span: Span,
): Promise<void> {
  const wanted = indexes.map((index) => keys[index] ?? '');
  const isFresh = context.rows.isFresh(loader.cache?.tag, wanted);
  const rows = await readShared(context, ROWS, { loader, shard, isFresh }, wanted, span);
  for (const [position, index] of indexes.entries()) outcomes[index] = rows[position];
}

const ROWS: ReadKind<Loader, string> = {
  textOf: (key) => key,
  async read(context, { loader, shard, from }, keys, limits) {
    const { prepared } = compiledRow(loader);
    const ticket = context.rows.ticket(loader, shard, keys);
    // Also what was invalidated while the keys waited: what is read now may be stored.
    const fresh = context.rows.isFresh(loader.cache?.tag, keys);
    const answer = await context.read(
      shard,
      { ...prepared, parameters: fill(prepared, { keys: loader.route.toArray(keys) }), loader: loader.name },
      { ...limits, primary: from === 'primary' || fresh },
    );
    const byKey = new Map<string, unknown>();
    for (const row of answer.rows) byKey.set(loader.keyOf(row), row);
    if (ticket !== undefined) context.rows.fill(ticket, byKey);
    return keys.map((key) => byKey.get(key) ?? null);
  },
};
