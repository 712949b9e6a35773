import { GraphError } from '@weft/errors';
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
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { OperationPlan } from './operation-plan.ts';
import { argumentsOf, askOf, type Provided } from './provided.ts';
import { toClientName } from './response-names.ts';

/**
 * Every field of the operation must be brought by some step, as that field with those arguments. Planners have left
 * selections out and merged fields that differ; such a plan would answer null, or another field's value. What can never be
 * asked does not count: contradicting conditions, and objects that the subgraphs cannot give at that place.
 *
 * @throws GraphError INTERNAL_SERVER_ERROR
 */
export function assertCovered(plan: OperationPlan, provided: Provided, options: CoverOptions): void {
  const { schema, decided } = options;
  const type = schema.getRootType(plan.operation.operation)?.name ?? '';
  check(plan.operation.selectionSet, {
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
  readonly decided: ReadonlyMap<string, boolean>;
}

interface Position {
  readonly type: string;
  /** Types that an object can have here. */
  readonly runtime: ReadonlySet<string>;
  readonly provided: Provided;
  /** Values that variables must have for getting here. */
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function check(set: SelectionSetNode, position: Position): void {
  const { schema, fragments } = position;
  for (const selection of set.selections) {
    const conditions = withConditions(position.conditions, selection);
    if (conditions === undefined) continue;
    if (selection.kind === Kind.FIELD) {
      checkField(selection, { ...position, conditions });
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment === undefined) continue;
    const type = fragment.typeCondition?.name.value ?? position.type;
    const members = possibleTypes(type, schema);
    const runtime = new Set([...position.runtime].filter((name) => members.includes(name)));
    if (runtime.size > 0) check(fragment.selectionSet, { ...position, conditions, type, runtime });
  }
}

function checkField(field: FieldNode, position: Position): void {
  const { type, schema, provided } = position;
  const name = field.name.value;
  if (name.startsWith('__')) return;
  const responseName = (field.alias ?? field.name).value;
  const found = provided.fields.get(responseName);
  // steps name variables as the client does
  const ask = askOf(field, { definitions: argumentsOf(type, name, schema), toName: toClientName });
  if (found === undefined || !found.asks.has(ask)) throw uncovered(`${type}.${ask} as ${responseName}`);
  const below = fieldType(type, name, schema);
  if (field.selectionSet === undefined || below === undefined) return;
  const runtime = new Set(
    possibleTypes(below, schema).filter((one) => found.types === undefined || found.types.has(one)),
  );
  if (runtime.size > 0) check(field.selectionSet, { ...position, type: below, runtime, provided: found.below });
}

/** Undefined when the selection can never be included. */
function withConditions(
  known: ReadonlyMap<string, boolean>,
  { directives = [] }: SelectionNode,
): ReadonlyMap<string, boolean> | undefined {
  const all = new Map(known);
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const is = name.value === 'include';
    const value = given?.[0]?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== is) return undefined;
    if (value?.kind !== Kind.VARIABLE) continue;
    if (all.get(value.name.value) === !is) return undefined;
    all.set(value.name.value, is);
  }
  return all;
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

function uncovered(what: string): GraphError {
  return new GraphError('INTERNAL_SERVER_ERROR', 'This operation cannot be planned.', { log: { uncovered: what } });
}
