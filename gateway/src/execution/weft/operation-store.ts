import type { EngineOperation } from '../engine.ts';
import type { KnownOperation } from './known-operation.ts';

/** Operations kept by one engine; the one not used for longest goes first. */
const MOST_OPERATIONS = 1_000;

export interface OperationStore {
  get(operation: EngineOperation): KnownOperation;
}

/** `learn` may throw; nothing is kept then. */
export function createOperationStore(learn: (operation: EngineOperation) => KnownOperation): OperationStore {
  const known = new Map<string, KnownOperation>();
  return {
    get(operation) {
      const key = `${operation.hash} ${operation.operationName ?? ''}`;
      const found = known.get(key) ?? learn(operation);
      known.delete(key);
      known.set(key, found);
      const [oldest] = known.keys();
      if (known.size > MOST_OPERATIONS && oldest !== undefined) known.delete(oldest);
      return found;
    },
  };
}
