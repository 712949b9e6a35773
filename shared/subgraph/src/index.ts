export { defineSubgraph, type Subgraph, type SubgraphDefinition } from './definition/define-subgraph.ts';
export type {
  FieldResolver,
  ReferenceResolver,
  ResolverMap,
  TypeNameResolver,
  TypeResolvers,
} from './definition/resolver-map.ts';
export { dateTimeScalar, formatPostgresTime, parseDateTime } from './scalars/date-time.ts';
export { formatMoney, type Money, moneyScalar, parseMoney } from './scalars/money.ts';
export { requireSelf, requireUser, type SubgraphContext } from './subgraph-context.ts';
export { entityKey, hasKey } from './definition/entity-key.ts';
