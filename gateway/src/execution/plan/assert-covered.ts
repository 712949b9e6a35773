import { GraphError } from '@weft/errors';
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { argumentText } from './argument-text.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { DataRewrite, Place, PlanStep } from './steps.ts';

/** What the steps bring to one place of the data: field, arguments and what is below, by response name. */
interface Provided {
  readonly fields: Map<string, { readonly asks: Set<string>; readonly below: Provided }>;
}

/**
 * Every field of the operation must be brought by some step, as that field with those arguments. Planners have left
 * selections out and merged fields that differ; such a plan would answer null, or another field's value.
 *
 * @throws GraphError INTERNAL_SERVER_ERROR
 */
export function assertCovered(plan: OperationPlan, schema: GraphQLSchema): void {
  const root: Provided = { fields: new Map() };
  for (const step of plan.steps) provide(step, root);
  const type = schema.getRootType(plan.operation.operation);
  if (type == null) throw uncovered('an operation without a root type');
  check(plan.operation.selectionSet, { type: type.name, provided: root, schema, fragments: plan.fragments });
}

function provide(step: PlanStep, root: Provided): void {
  const [operation] = parse(step.operation, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw uncovered('a step without an operation');
  const sets = operation.selectionSet.selections;
  if (step.groups === null) return add(operation.selectionSet, descend(root, step.place), step.renames, []);
  for (const { responseKey, places } of step.groups) {
    const entities = sets.find((set) => set.kind === Kind.FIELD && (set.alias ?? set.name).value === responseKey);
    if (entities?.kind !== Kind.FIELD || entities.selectionSet === undefined) throw uncovered(`no ${responseKey}`);
    for (const place of places) add(entities.selectionSet, descend(root, place), step.renames, [responseKey]);
  }
}

function descend(root: Provided, place: Place): Provided {
  let at = root;
  for (const key of place) if (key !== '@') at = child(at, key).below;
  return at;
}

function child(at: Provided, key: string) {
  let found = at.fields.get(key);
  if (found === undefined) {
    found = { asks: new Set(), below: { fields: new Map() } };
    at.fields.set(key, found);
  }
  return found;
}

function add(set: SelectionSetNode, at: Provided, renames: readonly DataRewrite[], path: readonly string[]): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet, at, renames, path);
    if (selection.kind !== Kind.FIELD) continue;
    const sent = (selection.alias ?? selection.name).value;
    const here = [...path, sent];
    const found = child(at, renamed(sent, here, renames));
    found.asks.add(`${selection.name.value}(${argumentText(selection)})`);
    if (selection.selectionSet !== undefined) add(selection.selectionSet, found.below, renames, here);
  }
}

function renamed(sent: string, path: readonly string[], renames: readonly DataRewrite[]): string {
  const text = path.join('.');
  const rename = renames.find(
    (one) => one.kind === 'KeyRenamer' && one.path.filter((key) => !key.startsWith('... on ')).join('.') === text,
  );
  return rename?.kind === 'KeyRenamer' ? rename.renameKeyTo : sent;
}

interface Position {
  readonly type: string;
  readonly provided: Provided;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function check(set: SelectionSetNode, position: Position): void {
  const { schema, fragments, provided } = position;
  for (const selection of set.selections) {
    if (isNeverIncluded(selection.directives)) continue;
    if (selection.kind !== Kind.FIELD) {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const type = fragment.typeCondition?.name.value ?? position.type;
      if (canBeBoth(type, position.type, schema)) check(fragment.selectionSet, { ...position, type });
      continue;
    }
    if (selection.name.value.startsWith('__')) continue;
    const responseName = (selection.alias ?? selection.name).value;
    const found = provided.fields.get(responseName);
    const ask = `${selection.name.value}(${argumentText(selection)})`;
    if (found === undefined || !found.asks.has(ask)) throw uncovered(`${position.type}.${ask} as ${responseName}`);
    if (selection.selectionSet === undefined) continue;
    const type = fieldType(position.type, selection.name.value, schema);
    if (type !== undefined) check(selection.selectionSet, { ...position, type, provided: found.below });
  }
}

function isNeverIncluded(directives: SelectionSetNode['selections'][number]['directives']): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    const value = given?.[0]?.value;
    return value?.kind === Kind.BOOLEAN && value.value === (name.value === 'skip');
  });
}

function fieldType(typeName: string, field: string, schema: GraphQLSchema): string | undefined {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const definition = type.getFields()[field];
  return definition && getNamedType(definition.type).name;
}

function canBeBoth(a: string, b: string, schema: GraphQLSchema): boolean {
  const members = possible(b, schema);
  return possible(a, schema).some((name) => members.includes(name));
}

function possible(name: string, schema: GraphQLSchema): string[] {
  const type = schema.getType(name);
  if (!isCompositeType(type)) return [];
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((member) => member.name) : [type.name];
}

function uncovered(what: string): GraphError {
  return new GraphError('INTERNAL_SERVER_ERROR', 'This operation cannot be planned.', { log: { uncovered: what } });
}
