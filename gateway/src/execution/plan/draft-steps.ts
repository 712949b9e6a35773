import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { DataRewrite, EntityNode, FetchNode, PlanNode, QueryPlan } from '../planner/query-plan.ts';
import { toClientName } from './response-names.ts';
import type { Place, RequiredSelection, StepCondition } from './steps.ts';

/** A step whose selections can still be merged with those of others. */
export interface DraftStep {
  readonly subgraph: string;
  readonly type: 'query' | 'mutation';
  readonly operationName: string | undefined;
  /** Of the client; may hold more than the selections use. */
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  /** Selections at the root; null for entities. */
  readonly roots: SelectionSetNode | null;
  readonly groups: readonly DraftGroup[];
  /** Of root fields. */
  readonly place: Place;
  /** Indexes of earlier drafts. */
  readonly after: readonly number[];
  readonly when: readonly StepCondition[];
  /** Of root fields. */
  readonly renames: readonly DataRewrite[];
}

export interface DraftGroup {
  /** Of the entities. */
  readonly selections: SelectionSetNode;
  readonly places: readonly Place[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly DataRewrite[];
  /** Paths begin at the entity. */
  readonly renames: readonly DataRewrite[];
}

interface Position {
  readonly path: Place;
  readonly after: readonly number[];
  readonly when: readonly StepCondition[];
}

/** A plan as a list, each fetch after all that the plan puts before it. */
export function draftSteps(plan: QueryPlan): DraftStep[] {
  const drafts: DraftStep[] = [];
  if (plan.node !== undefined) walk(plan.node, { path: [], after: [], when: [] }, drafts);
  return drafts;
}

/** Gives the indexes of the drafts it adds. */
function walk(node: PlanNode, position: Position, drafts: DraftStep[]): number[] {
  switch (node.kind) {
    case 'Sequence': {
      const added: number[] = [];
      for (const inner of node.nodes) {
        added.push(...walk(inner, { ...position, after: [...position.after, ...added] }, drafts));
      }
      return added;
    }
    case 'Parallel':
      return node.nodes.flatMap((inner) => walk(inner, position, drafts));
    case 'Flatten':
      return walk(node.node, { ...position, path: [...position.path, ...node.path] }, drafts);
    case 'Condition': {
      const branch = (inner: PlanNode | undefined, is: boolean): number[] => {
        const when = withCondition(position.when, { variable: toClientName(node.condition), is });
        return inner === undefined || when === undefined ? [] : walk(inner, { ...position, when }, drafts);
      };
      return [...branch(node.ifClause, true), ...branch(node.elseClause, false)];
    }
    case 'Fetch':
      return [drafts.push(toDraft(node, position)) - 1];
  }
}

/** Undefined when the two can never hold together. */
function withCondition(
  when: readonly StepCondition[],
  { variable, is }: StepCondition,
): readonly StepCondition[] | undefined {
  const known = when.find((condition) => condition.variable === variable);
  if (known === undefined) return [...when, { variable, is }];
  return known.is === is ? when : undefined;
}

function toDraft(fetch: FetchNode, { path, after, when }: Position): DraftStep {
  const { operation, entities, subgraph, type, operationName } = fetch;
  return {
    subgraph,
    type,
    operationName,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ type: of }) => !isRepresentations(of)),
    roots: entities === null ? operation.selectionSet : null,
    groups: (entities ?? []).map((entity) => toGroup(entity, operation, path)),
    place: entities === null ? path : [],
    after: [...new Set(after)],
    when,
    renames: fetch.outputRewrites,
  };
}

function toGroup(entity: EntityNode, operation: OperationDefinitionNode, path: Place): DraftGroup {
  const field = operation.selectionSet.selections.find(
    (selection): selection is FieldNode =>
      selection.kind === Kind.FIELD && (selection.alias ?? selection.name).value === entity.responseKey,
  );
  if (field?.selectionSet === undefined) throw new Error(`a fetch without ${entity.responseKey}`);
  return {
    selections: field.selectionSet,
    places: entity.places.map((place) => [...path, ...place]),
    requires: entity.requires,
    inputRewrites: entity.inputRewrites,
    renames: entity.outputRewrites,
  };
}

/** `[_Any!]!`: no type of a client is called so. */
function isRepresentations(type: VariableDefinitionNode['type']): boolean {
  return type.kind === Kind.NAMED_TYPE ? type.name.value === '_Any' : isRepresentations(type.type);
}
