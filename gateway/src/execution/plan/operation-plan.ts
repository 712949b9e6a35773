import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import type { PlanStep } from './steps.ts';

/**
 * An operation with all that is needed to run it, made once and kept.
 *
 * Response names in `operation`, in the texts of the steps and in their places are those of the subgraphs' answers;
 * `toClientName` gives what the client wrote, for the keys of the answer and for the paths of errors.
 */
export interface OperationPlan {
  readonly steps: readonly PlanStep[];
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}
