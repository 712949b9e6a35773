import { ATTRIBUTES, SPANS, type Span, type SpanContext } from '@weft/telemetry';
import type { Route } from '../route.ts';
import type { BatchContext } from './batch-context.ts';
import { groupByShard } from './group-by-shard.ts';
import type { ReadKind } from './shared-reads.ts';

/** The part of a batch that lives on one shard. */
export interface ShardBatch {
  readonly shard: string;
  /** Into the keys of the whole batch. */
  readonly indexes: readonly number[];
}

export interface BatchOptions {
  readonly name: string;
  readonly route: Route;
  /** The key of each asker; a top loader's askers may share one. */
  readonly keys: readonly string[];
  /** Spans that asked, but for the one that the session began in. */
  readonly links: readonly SpanContext[];
}

/**
 * Splits a batch by shard and runs the parts side by side. A part that fails puts its error at its own keys; the others
 * are whole. Gives an outcome for each key: a value, null, or an Error, as DataLoader wants it.
 */
export function runBatch(
  context: BatchContext,
  options: BatchOptions,
  work: (groups: readonly ShardBatch[], outcomes: unknown[], span: Span) => Promise<void>,
): Promise<unknown[]> {
  const { name, route, keys, links } = options;
  context.metrics.batches.add({ loader: name });
  context.metrics.batchKeys.observe({ loader: name }, keys.length);
  const attributes = { [ATTRIBUTES.loader]: name, [ATTRIBUTES.batchKeys]: keys.length };
  return context.telemetry.span(SPANS.subgraphBatch, { parent: context.home, attributes, links }, async (span) => {
    const outcomes: unknown[] = new Array(keys.length).fill(null);
    const groups = groupByShard(keys, route, context.shardOfBucket, outcomes);
    await work(
      [...groups].map(([shard, indexes]) => ({ shard, indexes })),
      outcomes,
      span,
    );
    return outcomes;
  });
}

/** Runs one part; its failure is the outcome of its keys. Never rejects. */
export async function runPart(part: ShardBatch, outcomes: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const index of part.indexes) outcomes[index] = error;
  }
}

/** The keys of a batch on one shard, read together with those of other requests. */
export function readShared<Loader extends object, Key>(
  context: BatchContext,
  kind: ReadKind<Loader, Key>,
  { loader, shard, isFresh }: { readonly loader: Loader; readonly shard: string; readonly isFresh: boolean },
  keys: readonly Key[],
  span: Span,
): Promise<unknown[]> {
  const freshness = isFresh ? 'primary' : context.freshness(shard);
  const from = typeof freshness === 'string' ? freshness : 'seen';
  const asker = {
    limits: context.limits,
    seen: typeof freshness === 'string' ? undefined : freshness,
    span: span.recording ? span.spanContext() : undefined,
  };
  return context.shared.load(kind, { loader, shard, from }, keys, asker);
}
