import { type GraphError, isGraphError } from '@weft/errors';
import { type DocumentNode, type GraphQLSchema, Kind } from 'graphql';
import { assertPlannableSize } from '../planner/expansion-bound.ts';
import type { Planner } from '../planner/planner.ts';
import type { QueryPlan } from '../planner/query-plan.ts';
import type { ConditionSet } from './condition-sets.ts';
import { hoistTypenames } from './hoist-typenames.ts';
import { narrowFragments } from './narrow-fragments.ts';
import type { Plannable } from './plannable.ts';
import { toClientName } from './response-names.ts';
import { withoutExcluded } from './without-excluded.ts';

export interface PlanContext {
  readonly planner: Planner;
  /** What clients see. */
  readonly schema: GraphQLSchema;
}

/**
 * Plans an operation as the client wrote it, or, when the planner cannot, as simple as it can be said.
 *
 * @throws what a planner throws.
 */
export function planOperation(
  { document, operation, fragments }: Plannable,
  decided: ConditionSet | undefined,
  { planner, schema }: PlanContext,
): QueryPlan {
  const operationName = operation.name?.value;
  const root = schema.getRootType(operation.operation)?.name ?? '';
  const plan = (asked: DocumentNode): QueryPlan => {
    const certain = withoutExcluded(asked, (variable) => decided?.get(toClientName(variable)));
    return planner.plan({ document: hoistTypenames(certain), operationName });
  };
  const narrowed = (deep: boolean): DocumentNode => {
    const selectionSet = narrowFragments(operation.selectionSet, root, { schema, fragments, deep });
    const definitions = deep ? [] : document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
    return { ...document, definitions: [{ ...operation, selectionSet }, ...definitions] };
  };
  try {
    return plan(operation.operation === 'mutation' ? narrowed(false) : document);
  } catch (error) {
    if (!isGraphError(error) || error.code !== 'QUERY_PLANNING_FAILED') throw error;
    return plan(withinBound(narrowed(true), error));
  }
}

function withinBound(document: DocumentNode, instead: GraphError): DocumentNode {
  try {
    assertPlannableSize(document);
    return document;
  } catch {
    throw instead;
  }
}
