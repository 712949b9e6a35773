import type { OperationDefinitionNode } from 'graphql';

/** A query plan as any planner of the field gives it: the shape of @apollo/query-planner, and the batches of Hive's. */
export interface QueryPlan {
  /** Absent: nothing has to be fetched (`{ __typename }`). */
  readonly node?: PlanNode | undefined;
}

export type PlanNode =
  | { readonly kind: 'Sequence'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Parallel'; readonly nodes: readonly PlanNode[] }
  | { readonly kind: 'Flatten'; readonly path: Place; readonly node: PlanNode }
  | ConditionNode
  | FetchNode;

export interface ConditionNode {
  readonly kind: 'Condition';
  /** Name of a Boolean variable of the client. */
  readonly condition: string;
  readonly ifClause?: PlanNode | undefined;
  readonly elseClause?: PlanNode | undefined;
}

/** One request. `entities` is null for root fields; it is one group for Apollo's plans and can be several for Hive's. */
export interface FetchNode {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly type: 'query' | 'mutation';
  /** The subgraph operation, without named fragments. */
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly entities: readonly EntityNode[] | null;
  /** Of root fields; those of entities are in their node. */
  readonly outputRewrites: readonly DataRewrite[];
}

export interface EntityNode {
  /** Response name of its `_entities` in the operation. */
  readonly responseKey: string;
  /** Below the path of the Flatten nodes around it. */
  readonly places: readonly Place[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly DataRewrite[];
  /** Paths begin at the entity. */
  readonly outputRewrites: readonly DataRewrite[];
}

/** Response names from the root of the answer; `@` is every item of a list. */
export type Place = readonly string[];

/** What a representation holds. `name` is the key in the data, `alias` the key in the representation when it differs. */
export type RequiredSelection =
  | {
      readonly kind: 'Field';
      readonly name: string;
      readonly alias?: string | undefined;
      readonly selections?: readonly RequiredSelection[] | undefined;
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition?: string | undefined;
      readonly selections: readonly RequiredSelection[];
    };

/**
 * A change of data in place. `path` holds keys and type conditions (`... on Book`), goes through lists by itself, and
 * ends with the key that is set or renamed.
 */
export type DataRewrite =
  | { readonly kind: 'ValueSetter'; readonly path: readonly string[]; readonly setValueTo: unknown }
  | { readonly kind: 'KeyRenamer'; readonly path: readonly string[]; readonly renameKeyTo: string };
