import type { DocumentNode } from 'graphql';
import { apolloReservedNames, createApolloPlanner } from './apollo-planner.ts';
import { createHivePlanner, isHiveAlias } from './hive-planner.ts';
import type { Planner } from './planner.ts';

/** Every planner by its name in the configuration. */
const PLANNERS = { apollo: createApolloPlanner, native: createHivePlanner } as const satisfies Record<
  string,
  (supergraph: DocumentNode) => Planner
>;

export type PlannerName = keyof typeof PLANNERS;

/**
 * `supergraph` has been loaded, so it is valid.
 *
 * @throws UserError when the planner does not run on this machine.
 */
export function createPlanner(name: PlannerName, supergraph: DocumentNode): Planner {
  return PLANNERS[name](supergraph);
}

/** Names that its fetches may use for fields that the client did not ask for; no alias of a client may be one. */
export function reservedNames(name: PlannerName, supergraph: DocumentNode): Pick<ReadonlySet<string>, 'has'> {
  const fields = apolloReservedNames(supergraph);
  return name === 'apollo' ? fields : { has: (one) => fields.has(one) || isHiveAlias(one) };
}
