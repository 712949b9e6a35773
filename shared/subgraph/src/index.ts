export {
  loadSubgraphSettings,
  SUBGRAPH_VARIABLES,
  type SubgraphSettings,
  subgraphSettings,
} from './config/subgraph-settings.ts';
export { defineSubgraph, type Subgraph, type SubgraphDefinition } from './definition/define-subgraph.ts';
export { entityKey, hasKey } from './definition/entity-key.ts';
export type {
  FieldResolver,
  ReferenceResolver,
  ResolverMap,
  TypeNameResolver,
  TypeResolvers,
} from './definition/resolver-map.ts';
export { checkIdempotencyKey, hashOfRequest } from './idempotency-key.ts';
export { runSubgraph } from './process/run-subgraph.ts';
export { type RunningWorker, runWorker, startWorker } from './process/run-worker.ts';
export { type FleetForTests, type SubgraphOnFleet, startOnFleet } from './process/start-on-fleet.ts';
export { type RunningSubgraph, type StartOptions, startSubgraph } from './process/start-subgraph.ts';
export { dateTimeScalar, formatPostgresTime, parseDateTime } from './scalars/date-time.ts';
export { formatMoney, type Money, moneyScalar, parseMoney } from './scalars/money.ts';
export {
  createSubgraphCaller,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphCaller,
  type SubgraphCallerOptions,
  type SubgraphError,
} from './subgraph-caller.ts';
export { requireSelf, requireUser, type SubgraphContext } from './subgraph-context.ts';
