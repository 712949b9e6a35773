import type { DataRewrite, Place, RequiredSelection } from '../planner/query-plan.ts';

export type { DataRewrite, Place, RequiredSelection } from '../planner/query-plan.ts';

/** One request to a subgraph, made once for an operation. */
export interface PlanStep {
  /** Index in the list of steps; a step comes after all of `after`. */
  readonly id: number;
  readonly subgraph: string;
  readonly type: 'query' | 'mutation';
  /** The text that is sent, without insignificant characters. It has inline fragments, never named ones. */
  readonly operation: string;
  readonly operationName: string | undefined;
  /** Of the client's operation, passed on under the same names. */
  readonly variables: readonly string[];
  /** Null: root fields. */
  readonly groups: readonly EntityGroup[] | null;
  /** Where root fields are put: empty at the root, longer below a field whose type is `Query`. */
  readonly place: Place;
  /** Steps that must be over, answered or failed or left out, before this one starts. */
  readonly after: readonly number[];
  /** All hold, else the step is left out. */
  readonly when: readonly StepCondition[];
  /** Done to the answer's data before it is merged; paths begin at `data`, so those of entities with the response key. */
  readonly renames: readonly DataRewrite[];
}

export interface StepCondition {
  readonly variable: string;
  readonly is: boolean;
}

/** One `_entities` field of a step. */
export interface EntityGroup {
  /** `_entities`, or an alias when a step has several. */
  readonly responseKey: string;
  /** Name of the variable; never that of a variable of the client that the step passes on. */
  readonly representations: string;
  /** Where in the client's data the objects are that it completes. */
  readonly places: readonly Place[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly DataRewrite[];
}
