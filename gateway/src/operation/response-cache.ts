import { METRICS, type Telemetry } from '@weft/telemetry';
import type { GraphqlAnswer } from '../graphql-request.ts';
import { type CacheKeys, cacheKeys, operationKey } from './cache-key.ts';
import type { CachePolicy } from './cache-policy.ts';
import { etagOf, type KeptAnswer, readKept, writeKept } from './kept-answer.ts';
import type { OperationRun, OperationStage } from './operation-stage.ts';

/** Where texts are kept; a store that fails is an empty one. */
export interface AnswerStore {
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  setMany(entries: readonly { readonly key: string; readonly text: string; readonly ttlMs: number }[]): void;
  delete(keys: readonly string[]): Promise<void>;
}

export interface ResponseCacheOptions {
  /** Undefined: answers are not kept, but clients are still told how long they may keep them. */
  readonly store: AnswerStore | undefined;
  readonly maxAgeMs: number;
  readonly telemetry: Telemetry;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Operations of which it is remembered whether an answer to them was ever to be kept, so that the others are not looked up. */
const MOST_OPERATIONS = 10_000;

/** Serves whole answers again for as long as every subgraph allowed, to whom they allowed. */
export function responseCacheStage(options: ResponseCacheOptions): OperationStage {
  const { store, telemetry, clock = Date.now } = options;
  const lookups = telemetry.counter(METRICS.gateway_response_cache_total);
  const memory = createMemory();
  return {
    name: 'response-cache',
    does: 'serves a whole answer again while every subgraph allowed that; says Cache-Control, Age and ETag',
    wrap: (next) => async (run) => {
      const operation = operationKey(run);
      // an operation can be cacheable for a user and not for an anonymous caller
      const about = `${run.context.user === null ? 'anonymous' : 'user'}:${operation}`;
      // who wrote a moment ago sees it: a kept answer may be from before
      const hasWritten = run.context.writeTokens?.text !== undefined;
      const looked = store !== undefined && operation !== undefined && !hasWritten && !memory.isNeverKept(about);
      const kept = looked ? await find(store, cacheKeys(operation, run), clock()) : undefined;
      if (store !== undefined) lookups.add({ result: kept !== undefined ? 'hit' : looked ? 'miss' : 'bypass' });
      if (kept !== undefined) return toAnswer(kept, clock());
      const answer = await next(run);
      const policy = usablePolicy(run, answer, options.maxAgeMs);
      // an answer with errors says nothing about the operation
      if (policy !== undefined || answer.complete) memory.note(about, policy !== undefined);
      if (policy === undefined || answer.operation === undefined) {
        return { ...answer, headers: { ...answer.headers, 'cache-control': 'no-store' } };
      }
      const fresh: Omit<KeptAnswer, 'body'> = {
        etag: etagOf(answer.body),
        storedAt: clock(),
        operation: answer.operation,
        ...policy,
      };
      if (store !== undefined && operation !== undefined) {
        const key = cacheKeys(operation, run)[policy.scope];
        if (key !== undefined)
          store.setMany([
            {
              key,
              text: writeKept({ ...fresh, body: answer.body.toString() }, key),
              ttlMs: policy.maxAgeSeconds * 1_000,
            },
          ]);
      }
      return { ...answer, headers: { ...answer.headers, ...cachingHeaders(fresh, clock()) } };
    },
  };
}

async function find(store: AnswerStore, keys: CacheKeys, now: number): Promise<KeptAnswer | undefined> {
  const asked = keys.private === undefined ? [keys.public] : [keys.private, keys.public];
  const texts = await store.getMany(asked);
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const key = asked[index] as string;
    const kept = readKept(text, key);
    const scope = key === keys.public ? 'public' : 'private';
    if (kept !== undefined && kept.scope === scope && now < kept.storedAt + kept.maxAgeSeconds * 1_000) return kept;
    if (kept === undefined) void store.delete([key]);
  }
  return undefined;
}

/** Only whole answers of queries. A private one of nobody, or one without a scope that was made for somebody, is not for all. */
function usablePolicy(
  run: OperationRun,
  answer: GraphqlAnswer,
  maxAgeMs: number,
): { readonly maxAgeSeconds: number; readonly scope: 'public' | 'private' } | undefined {
  if (!answer.complete || answer.operation?.type !== 'query') return undefined;
  const policy: CachePolicy | undefined = run.cachePolicy();
  const maxAgeSeconds = Math.min(policy?.maxAgeSeconds ?? 0, Math.floor(maxAgeMs / 1_000));
  if (policy === undefined || maxAgeSeconds <= 0) return undefined;
  const { user } = run.context;
  const scope = policy.scope === 'unsaid' ? (user === null ? 'public' : 'private') : policy.scope;
  return scope === 'private' && user === null ? undefined : { maxAgeSeconds, scope };
}

function toAnswer(kept: KeptAnswer, now: number): GraphqlAnswer {
  return {
    status: 200,
    documentError: false,
    complete: true,
    body: kept.body,
    operation: kept.operation,
    headers: cachingHeaders(kept, now),
  };
}

function cachingHeaders(kept: Omit<KeptAnswer, 'body'>, now: number): Record<string, string> {
  return {
    'cache-control': `${kept.scope}, max-age=${kept.maxAgeSeconds}`,
    age: String(Math.max(0, Math.floor((now - kept.storedAt) / 1_000))),
    etag: kept.etag,
  };
}

/**
 * Whether an answer may be kept can depend on the variables. So one that was is enough for an operation to be looked up
 * from then on, with whatever variables it comes.
 */
function createMemory() {
  const known = new Map<string, 'kept' | 'never kept'>();
  return {
    isNeverKept: (operation: string): boolean => known.get(operation) === 'never kept',
    note(operation: string, kept: boolean): void {
      const before = known.get(operation);
      if (before === (kept ? 'kept' : 'never kept') && known.size <= MOST_OPERATIONS / 2) return;
      known.delete(operation);
      known.set(operation, kept ? 'kept' : (before ?? 'never kept'));
      const [oldest] = known.keys();
      if (known.size > MOST_OPERATIONS && oldest !== undefined) known.delete(oldest);
    },
  };
}
