import { type GraphQLSchema, validate } from 'graphql';
import { type Problem, placesOf } from '../problem.ts';
import { coordinatesOf, type NodeCoordinates } from './operation-coordinates.ts';
import type { KnownOperation } from './operations.ts';

export interface ReplayedOperation {
  readonly operation: KnownOperation;
  /** Why the operation is not valid on the new schema; empty when it is. */
  readonly problems: readonly Problem[];
  readonly validBefore: boolean;
}

/**
 * Validates every known operation on the new schema. This is the verdict about removals: looking up which coordinates
 * an operation uses has both false alarms (an argument that became more lenient) and misses (a fragment that cannot
 * match any more), and a prefix (`User.name` of `User.nameLegacy`) fools it.
 */
export function replay(
  operations: readonly KnownOperation[],
  next: GraphQLSchema,
  base: GraphQLSchema | undefined,
): ReplayedOperation[] {
  return operations.map((operation) => {
    const errors = validate(next, operation.document);
    if (errors.length === 0) return { operation, problems: [], validBefore: true };
    const validBefore = base !== undefined && validate(base, operation.document).length === 0;
    const coordinates = validBefore ? coordinatesOf(operation.document, base) : new Map();
    return {
      operation,
      validBefore,
      problems: errors.map((error) => ({
        code: validBefore ? 'OPERATION_BREAKS' : 'OPERATION_INVALID',
        severity: 'error',
        message: error.message,
        operation: operation.name,
        places: placesOf(error.nodes),
        coordinates: namedBy(error.nodes ?? [], coordinates),
      })),
    };
  });
}

function namedBy(nodes: readonly Parameters<NodeCoordinates['get']>[0][], coordinates: NodeCoordinates): string[] {
  return [...new Set(nodes.flatMap((node) => coordinates.get(node) ?? []))];
}
