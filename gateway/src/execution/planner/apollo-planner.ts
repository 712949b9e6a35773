import { type Operation, operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { type QueryPlan as ApolloPlan, QueryPlanner } from '@apollo/query-planner';
import { GraphError, messageOf } from '@weft/errors';
import type { DocumentNode } from 'graphql';
import { fromApolloPlan } from './apollo-plan.ts';
import { withResolvableKeysFirst } from './corrections/resolvable-keys.ts';
import { servedFields } from './corrections/served-fields.ts';
import { unservedField } from './corrections/unserved-field.ts';
import { withVirtualFields } from './corrections/virtual-fields.ts';
import { withAbstractTypenames } from './corrections/with-abstract-typenames.ts';
import { withoutImpossiblePaths } from './corrections/without-impossible-paths.ts';
import { withoutProvides } from './corrections/without-provides.ts';
import { withoutRebasing } from './corrections/without-rebasing.ts';
import type { Planner, PlanRequest } from './planner.ts';
import type { QueryPlan } from './query-plan.ts';
import { isTimeout } from './within-time.ts';

/** Texts of the planner's own limits; what is over them is the client's doing. */
const OVER_LIMIT = /exceeds? .*limit|Number of .*selections|Too many options/i;

/**
 * An interface object that leads to itself multiplies the ways to answer with each step: a chain of four took all memory.
 * More ways than `pathsLimit` at one field are refused, within milliseconds; of more whole plans than `maxEvaluatedPlans`
 * the planner leaves some out, and its choice may not be the cheapest then.
 */
const BOUNDS = { pathsLimit: 10_000, maxEvaluatedPlans: 300 };

/**
 * @apollo/query-planner, with corrections around it where its plans would give wrong data or none: fields asked with several
 * arguments at once, keys that cannot be entered, fields asked of a subgraph that does not answer them, interface objects
 * that are provided, and selections that nobody answers (`uncoveredField`, for every planner).
 *
 * `supergraph` has been loaded, so it is valid.
 */
export function createApolloPlanner(supergraph: DocumentNode): Planner {
  const corrected = withResolvableKeysFirst(supergraph);
  const main = correctedPlanner(corrected);
  // made when the first operation needs it: it takes as much memory as the other
  let plain: CorrectedPlanner | undefined;
  return {
    name: 'apollo',
    plan(request) {
      try {
        return main.plan(request);
      } catch (error) {
        if (isTooLarge(error)) throw tooLarge(error);
      }
      try {
        plain ??= correctedPlanner(withoutProvides(corrected));
        return plain.plan(request);
      } catch (error) {
        if (isTooLarge(error)) throw tooLarge(error);
        const log = { reason: messageOf(error) };
        throw new GraphError('QUERY_PLANNING_FAILED', 'This operation cannot be planned.', { log, cause: error });
      }
    },
  };
}

function isTooLarge(error: unknown): boolean {
  return isTimeout(error) || OVER_LIMIT.test(messageOf(error));
}

function tooLarge(cause: unknown): GraphError {
  return new GraphError('COST_ESTIMATED_TOO_EXPENSIVE', 'The operation is too large to be planned.', {
    log: { reason: messageOf(cause) },
    cause,
  });
}

interface CorrectedPlanner {
  plan(request: PlanRequest): QueryPlan;
}

function correctedPlanner(supergraph: DocumentNode): CorrectedPlanner {
  const virtual = withVirtualFields(supergraph);
  const built = Supergraph.build(virtual.supergraph, { validateSupergraph: false });
  const apiSchema = built.apiSchema();
  const planner = new QueryPlanner(built, {
    // fragments in fetches would have to be written out again for merging
    reuseQueryFragments: false,
    generateQueryFragments: false,
    debug: BOUNDS,
  });
  const context = { served: servedFields(virtual.supergraph), schema: built.schema.toGraphQLJSSchema() };
  return {
    plan({ document, operationName }) {
      const build = (): QueryPlan => {
        const name = operationName !== undefined && { operationName };
        const operation = operationFromDocument(apiSchema, document, { ...name, validate: false });
        return fromApolloPlan(buildPlan(planner, operation), virtual);
      };
      const plan = build();
      if (unservedField(plan, context) === undefined) return plan;
      const careful = withoutRebasing(build);
      const unserved = unservedField(careful, context);
      if (unserved !== undefined) throw new Error(`the plan asks ${unserved}, which does not answer it`);
      return careful;
    },
  };
}

function buildPlan(planner: QueryPlanner, operation: Operation): ApolloPlan {
  try {
    return planner.buildQueryPlan(operation);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return withAbstractTypenames(() => withoutImpossiblePaths(() => planner.buildQueryPlan(operation)));
  }
}

/** Names that fetches may use for fields that the client did not ask for. */
export function apolloReservedNames(supergraph: DocumentNode): ReadonlySet<string> {
  return fieldNames(withVirtualFields(supergraph).supergraph);
}

function fieldNames({ definitions }: DocumentNode): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((definition) =>
      'fields' in definition ? (definition.fields ?? []).map(({ name }) => name.value) : [],
    ),
  );
}
