export type { AccessRule, AccessRules } from './access-rules.ts';
export { compositionCodes } from './composition-codes.ts';
export type { DemandRules, ListSize } from './demand-rules.ts';
export { type LoadedSupergraph, type LoadOptions, loadSupergraph, type SubgraphAddress } from './load-supergraph.ts';
export {
  createOperationPlanner,
  type PlannedFetch,
  type PlannedStep,
  type PlanOperation,
} from './operation-planner.ts';
export { withoutTokens } from './without-tokens.ts';
