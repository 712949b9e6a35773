import { createContext, Script } from 'node:vm';

const sandbox = createContext({ work: undefined });
const script = new Script('work()');

/**
 * Runs synchronous work, and ends it when it takes too long: a loop without end would hold up everyone, and nothing else can
 * end it. The work is cut off where it is, without its `finally`, so it must not change what others use.
 *
 * @throws what the work throws; an error with code ERR_SCRIPT_EXECUTION_TIMEOUT.
 */
export function withinTime<Result>(timeoutMs: number, work: () => Result): Result {
  sandbox.work = work;
  try {
    return script.runInContext(sandbox, { timeout: timeoutMs }) as Result;
  } finally {
    sandbox.work = undefined;
  }
}

/** Not by its class: the error is made in the context of the work. */
export function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
