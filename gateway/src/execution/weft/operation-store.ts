import type { EngineOperation } from '../engine.ts';
import type { KnownOperation } from './known-operation.ts';

/** Operations kept by one engine; the one not used for longest goes first. */
const MOST_OPERATIONS = 1_000;

/** An operation without the values of its variables. */
export type StoredOperation = Omit<EngineOperation, 'variables'>;

interface Stored {
  readonly operation: StoredOperation;
  readonly known: KnownOperation;
  uses: number;
}

export interface OperationStore {
  get(operation: StoredOperation): KnownOperation;
  /** The most used ones first. */
  used(most: number): readonly Readonly<Stored>[];
}

/** `learn` may throw; nothing is kept then. */
export function createOperationStore(learn: (operation: StoredOperation) => KnownOperation): OperationStore {
  const stored = new Map<string, Stored>();
  return {
    get(operation) {
      const { document, hash, operationName } = operation;
      const key = `${hash} ${operationName ?? ''}`;
      const found = stored.get(key) ?? {
        operation: { document, hash, operationName },
        known: learn(operation),
        uses: 0,
      };
      found.uses += 1;
      stored.delete(key);
      stored.set(key, found);
      const [oldest] = stored.keys();
      if (stored.size > MOST_OPERATIONS && oldest !== undefined) stored.delete(oldest);
      return found.known;
    },
    used: (most) => [...stored.values()].sort((a, b) => b.uses - a.uses).slice(0, most),
  };
}
