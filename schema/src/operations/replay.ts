import { type GraphQLSchema, validate } from 'graphql';
import { placesOf } from '../problem.ts';
import type { OperationFinding } from '../verdict/operation-problem.ts';
import type { UsedOperation } from './known-operations.ts';
import { coordinatesOf, type NodeCoordinates } from './operation-coordinates.ts';

export interface ReplayedOperation {
  readonly operation: UsedOperation;
  /** Why the operation is not valid on the new schema; empty when it is. */
  readonly findings: readonly OperationFinding[];
  readonly validBefore: boolean;
}

/**
 * Validates every known operation on the new schema. This is the verdict about removals: looking up which coordinates
 * an operation uses has both false alarms (an argument that became more lenient) and misses (a fragment that cannot
 * match any more), and a prefix (`User.name` of `User.nameLegacy`) fools it.
 */
export function replay(
  operations: readonly UsedOperation[],
  next: GraphQLSchema,
  base: GraphQLSchema | undefined,
): ReplayedOperation[] {
  return operations.map((operation) => {
    const errors = validate(next, operation.document);
    if (errors.length === 0) return { operation, findings: [], validBefore: true };
    const validBefore = base !== undefined && validate(base, operation.document).length === 0;
    const coordinates = validBefore ? coordinatesOf(operation.document, base) : new Map();
    return {
      operation,
      validBefore,
      findings: errors.map((error) => ({
        code: validBefore ? 'OPERATION_BREAKS' : 'OPERATION_INVALID',
        rule: 'A',
        isOld: !validBefore && operation.isOnlySeen,
        message: error.message,
        places: placesOf(error.nodes),
        coordinates: namedBy(error.nodes ?? [], coordinates),
      })),
    };
  });
}

function namedBy(nodes: readonly Parameters<NodeCoordinates['get']>[0][], coordinates: NodeCoordinates): string[] {
  return [...new Set(nodes.flatMap((node) => coordinates.get(node) ?? []))];
}
