import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { GraphError, messageOf } from '@weft/errors';
import type { DocumentNode } from 'graphql';
import { fromApolloPlan } from './apollo-plan.ts';
import { withResolvableKeysFirst } from './corrections/resolvable-keys.ts';
import { withVirtualFields } from './corrections/virtual-fields.ts';
import type { Planner } from './planner.ts';

/** Texts of the planner's own limits; what is over them is the client's doing. */
const OVER_LIMIT = /exceeds? .*limit|Number of .*selections/i;

/**
 * @apollo/query-planner, with three corrections around it where its plans would give wrong data: fields asked with several
 * arguments at once, keys that cannot be entered, selections that nobody answers (`assertCovered`, for every planner).
 *
 * `supergraph` has been loaded, so it is valid.
 */
export function createApolloPlanner(supergraph: DocumentNode): Planner {
  const virtual = withVirtualFields(withResolvableKeysFirst(supergraph));
  const built = Supergraph.build(virtual.supergraph, { validateSupergraph: false });
  const apiSchema = built.apiSchema();
  const planner = new QueryPlanner(built, {
    // fragments in fetches would have to be written out again for merging
    reuseQueryFragments: false,
    generateQueryFragments: false,
  });
  return {
    name: 'apollo',
    reservedNames: fieldNames(virtual.supergraph),
    plan({ document, operationName }) {
      try {
        const operation = operationFromDocument(apiSchema, document, {
          ...(operationName !== undefined && { operationName }),
          validate: false,
        });
        return fromApolloPlan(planner.buildQueryPlan(operation), virtual);
      } catch (error) {
        throw planFailure(error);
      }
    },
  };
}

function fieldNames({ definitions }: DocumentNode): ReadonlySet<string> {
  return new Set(
    definitions.flatMap((definition) =>
      'fields' in definition ? (definition.fields ?? []).map(({ name }) => name.value) : [],
    ),
  );
}

function planFailure(error: unknown): GraphError {
  if (OVER_LIMIT.test(messageOf(error))) {
    return new GraphError('MAX_SELECTIONS_LIMIT', 'The operation is too large to be planned.', { cause: error });
  }
  return new GraphError('INTERNAL_SERVER_ERROR', 'This operation cannot be planned.', {
    log: { reason: messageOf(error) },
    cause: error,
  });
}
