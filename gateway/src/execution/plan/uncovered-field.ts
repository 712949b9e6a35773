import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type ConditionSet, implies, withConditions } from './condition-sets.ts';
import type { OperationPlan } from './operation-plan.ts';
import { argumentsOf, askOf, type Provided } from './provided.ts';
import { toClientName } from './response-names.ts';

/**
 * The first field of the operation that no step brings as that field with those arguments, whenever it is to be answered;
 * undefined when there is none. Planners have left selections out, and merged fields that differ; such a plan would answer
 * null, or another field's value. What can never be asked does not count: contradicting conditions, and objects that the
 * subgraphs cannot give at that place.
 */
export function uncoveredField(plan: OperationPlan, provided: Provided, options: CoverOptions): string | undefined {
  const { schema, decided } = options;
  const type = schema.getRootType(plan.operation.operation)?.name ?? '';
  return check(plan.operation.selectionSet, {
    type,
    runtime: new Set([type]),
    provided,
    conditions: decided,
    schema,
    fragments: plan.fragments,
  });
}

export interface CoverOptions {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** Conditions whose values the plan was made for. */
  readonly decided: ConditionSet;
}

interface Position {
  readonly type: string;
  /** Types that an object can have here. */
  readonly runtime: ReadonlySet<string>;
  readonly provided: Provided;
  /** Values that variables must have for getting here. */
  readonly conditions: ConditionSet;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function check(set: SelectionSetNode, position: Position): string | undefined {
  const { schema, fragments } = position;
  for (const selection of set.selections) {
    const conditions = withConditions(position.conditions, selection);
    if (conditions === undefined) continue;
    let uncovered: string | undefined;
    if (selection.kind === Kind.FIELD) {
      uncovered = checkField(selection, { ...position, conditions });
    } else {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const type = fragment.typeCondition?.name.value ?? position.type;
      const members = possibleTypes(type, schema);
      const runtime = new Set([...position.runtime].filter((name) => members.includes(name)));
      if (runtime.size > 0) uncovered = check(fragment.selectionSet, { ...position, conditions, type, runtime });
    }
    if (uncovered !== undefined) return uncovered;
  }
  return undefined;
}

function checkField(field: FieldNode, position: Position): string | undefined {
  const { type, schema, provided, conditions } = position;
  const name = field.name.value;
  if (name.startsWith('__')) return undefined;
  const responseName = (field.alias ?? field.name).value;
  const found = provided.fields.get(responseName);
  // steps name variables as the client does
  const ask = askOf(field, { definitions: argumentsOf(type, name, schema), toName: toClientName });
  const brought = found?.asks.get(ask)?.some((needed) => implies(conditions, needed)) ?? false;
  if (found === undefined || !brought) return `${type}.${ask} as ${responseName}`;
  const below = fieldType(type, name, schema);
  if (field.selectionSet === undefined || below === undefined) return undefined;
  const members = possibleTypes(below, schema);
  const runtime = new Set(members.filter((one) => found.types?.has(one) ?? true));
  if (runtime.size === 0) return undefined;
  return check(field.selectionSet, { ...position, type: below, runtime, provided: found.below });
}

function fieldType(typeName: string, field: string, schema: GraphQLSchema): string | undefined {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const definition = type.getFields()[field];
  return definition && getNamedType(definition.type).name;
}

function possibleTypes(name: string, schema: GraphQLSchema): readonly string[] {
  const type = schema.getType(name);
  if (!isCompositeType(type)) return [];
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((member) => member.name) : [type.name];
}
