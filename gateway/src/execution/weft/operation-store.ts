import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';
import type { EngineOperation } from '../engine.ts';
import type { CompiledOperation } from './compiled-operation.ts';

/** Operations kept by one engine; the one not used for longest goes first. */
const MOST_OPERATIONS = 1_000;

export interface OperationStore {
  /** A span `gateway.plan` tells whether the operation was known. */
  get(operation: EngineOperation): Promise<CompiledOperation>;
}

/** `compile` may throw; nothing is kept then. */
export function createOperationStore(
  telemetry: Telemetry,
  compile: (operation: EngineOperation) => CompiledOperation,
): OperationStore {
  const known = new Map<string, CompiledOperation>();
  return {
    async get(operation) {
      const key = `${operation.hash} ${operation.operationName ?? ''}`;
      const found = known.get(key);
      const attributes = { [ATTRIBUTES.cache]: found === undefined ? 'miss' : 'hit' };
      const compiled = await telemetry.span(SPANS.gatewayPlan, { attributes }, async () => found ?? compile(operation));
      known.delete(key);
      known.set(key, compiled);
      const [oldest] = known.keys();
      if (known.size > MOST_OPERATIONS && oldest !== undefined) known.delete(oldest);
      return compiled;
    },
  };
}
