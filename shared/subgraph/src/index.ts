export {
  loadSubgraphSettings,
  SUBGRAPH_VARIABLES,
  type SubgraphSettings,
  subgraphSettings,
} from './config/subgraph-settings.ts';
export { defineSubgraph, type Subgraph } from './definition/define-subgraph.ts';
export { entityKey, hasKey } from './definition/entity-key.ts';
export type {
  FieldResolver,
  TypeResolvers,
} from './definition/resolver-map.ts';
export { checkIdempotencyKey, hashOfRequest } from './idempotency-key.ts';
export { runSubgraph } from './process/run-subgraph.ts';
export { type RunningWorker, runWorker, startWorker } from './process/run-worker.ts';
export { type SubgraphOnFleet, startOnFleet } from './process/start-on-fleet.ts';
export { startSubgraph } from './process/start-subgraph.ts';
export { type Money, parseMoney } from './scalars/money.ts';
export {
  createSubgraphCaller,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphCaller,
} from './subgraph-caller.ts';
export { requireSelf, requireUser, type SubgraphContext } from './subgraph-context.ts';
