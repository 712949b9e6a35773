import type { OperationContext } from '../operation-context.ts';
import { isWritten, type OperationAnswer } from '../written-answer.ts';
import { identityText, stableJson } from './cache-key.ts';
import { type Execute, operationOf, type ValidatedOperation, type ValidatedStage } from './validated-operation.ts';

export interface DeduplicateOptions {
  readonly deduplicate: boolean;
  /** Longest time of one operation. */
  readonly operationTimeoutMs: number;
}

/** Part of the time of an operation for which it may be joined: one that takes longer may hang, and is no help to others. */
const JOINABLE = 1 / 10;

/** Equal queries of one caller at the same time are run once. Mutations never are, and nobody is given what another may see. */
export function deduplicateStage({ deduplicate, operationTimeoutMs }: DeduplicateOptions): ValidatedStage {
  return {
    name: 'deduplicate',
    does: 'when configured: lets a query wait for the answer to an equal one of the same caller that began a moment ago',
    wrap: (next) => (deduplicate ? joining(next, operationTimeoutMs * JOINABLE) : next),
  };
}

function joining(next: Execute, windowMs: number): Execute {
  const runs = new Map<string, SharedRun>();
  return (operation, context) => {
    if (operationOf(operation).operation !== 'query') return next(operation, context);
    const key = keyOf(operation, context);
    const known = runs.get(key);
    if (known !== undefined && context.deadlineMs - known.deadlineMs <= windowMs) return known.join(context);
    const run = new SharedRun(context.deadlineMs, () => {
      if (runs.get(key) === run) runs.delete(key);
    });
    runs.set(key, run);
    const joined = run.join(context);
    run.begin((shared) => next(operation, { ...context, ...shared }));
    return joined;
  };
}

/** Equal for what has one answer: the operation, its values, all that subgraphs get of the client, and who that is. */
function keyOf({ hash, operationName, variables, unread }: ValidatedOperation, context: OperationContext): string {
  const { user, forwardedHeaders, writeTokens } = context;
  return JSON.stringify([
    hash,
    operationName ?? null,
    unread === true,
    user === null ? null : identityText(user),
    stableJson(forwardedHeaders),
    writeTokens?.text ?? null, // who has written reads no answer from before
    stableJson(variables),
  ]);
}

/** One run of an operation for all who wait for it. It goes on for as long as one of them does. */
class SharedRun {
  readonly deadlineMs: number;
  readonly #leaving = new AbortController();
  /** What subgraphs said about caching, for whoever gets the answer. */
  readonly #hints: (string | undefined)[] = [];
  readonly #onOver: () => void;
  readonly #answer: Promise<OperationAnswer>;
  #settle: (answer: Promise<OperationAnswer>) => void = () => undefined;
  #waiting = 0;
  #joined = 0;

  constructor(deadlineMs: number, onOver: () => void) {
    this.deadlineMs = deadlineMs;
    this.#onOver = onOver;
    this.#answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  begin(run: (shared: Pick<OperationContext, 'signal' | 'cacheHints'>) => Promise<OperationAnswer>): void {
    const cacheHints = { add: (header: string | undefined) => void this.#hints.push(header) };
    const ended = run({ signal: this.#leaving.signal, cacheHints }).finally(this.#onOver);
    this.#settle(ended.then((answer) => (this.#joined > 1 ? forSeveral(answer) : answer)));
  }

  async join({ signal, cacheHints }: OperationContext): Promise<OperationAnswer> {
    this.#joined += 1;
    this.#waiting += 1;
    const leave = (): void => {
      this.#waiting -= 1;
      if (this.#waiting > 0) return;
      this.#onOver(); // who comes now begins anew
      this.#leaving.abort(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      const answer = await this.#answer;
      for (const header of this.#hints) cacheHints.add(header);
      return answer;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

/** Whoever is done first would give the memory back under the others. */
function forSeveral(answer: OperationAnswer): OperationAnswer {
  if (!isWritten(answer)) return answer;
  const bytes = Buffer.from(answer.bytes);
  answer.release();
  return { bytes, release: () => undefined };
}
