import { type GraphQLSchema, validate } from 'graphql';
import type { UsedOperation } from '../engine.ts';
import type { WaitBounds } from '../planning/shared-wait.ts';
import type { OperationStore } from './operation-store.ts';

interface Target {
  readonly operations: OperationStore;
  readonly schema: GraphQLSchema;
}

/** Operations that wait to be planned at once; what plans them takes one after the other. */
const AT_ONCE = 4;

/** Plans and compiles operations before anybody asks. What does not fit this schema, or cannot be planned, is left out. */
export async function warmUp(used: readonly UsedOperation[], bounds: WaitBounds, target: Target): Promise<number> {
  const left = [...used];
  let ready = 0;
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (bounds.signal.aborted || performance.now() >= bounds.deadlineMs) return;
      if (await warmed(next, bounds, target)) ready += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ready;
}

async function warmed({ operation, conditions }: UsedOperation, bounds: WaitBounds, target: Target): Promise<boolean> {
  try {
    if (validate(target.schema, operation.document).length > 0) return false;
    const known = target.operations.get(operation);
    for (const isTrue of conditions) {
      const compiled = await known.compiled(isTrue, bounds);
      compiled.programFor(isTrue);
    }
    return conditions.length > 0;
  } catch {
    // whoever asks for it is told why
    return false;
  }
}
