import type { OperationContext } from '../../src/operation-context.ts';

/** Longest that one operation may take; a hang is a fault like others. */
export const TIMEOUT_MS = 20_000;

/** What an engine is told about an operation that nobody is known for. */
export function createContext(): OperationContext {
  return {
    user: null,
    forwardedHeaders: {},
    signal: new AbortController().signal,
    deadlineMs: performance.now() + TIMEOUT_MS,
    cacheHints: { add: () => undefined },
  };
}
