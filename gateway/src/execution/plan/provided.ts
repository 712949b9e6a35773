import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { common, type SubgraphTypes } from '../planner/subgraph-types.ts';
import { type ArgumentOptions, argumentText } from './argument-text.ts';
import { type ConditionSet, withConditions } from './condition-sets.ts';
import type { DataRewrite, Place, PlanStep } from './steps.ts';

/** What steps bring to one place of the data. */
export interface Provided {
  /** By response name. */
  readonly fields: Map<string, ProvidedField>;
}

export interface ProvidedField {
  /**
   * Each field with its arguments that is brought under the name, more than one for types that exclude each other, with the
   * conditions under which steps bring it.
   */
  readonly asks: Map<string, ConditionSet[]>;
  readonly below: Provided;
  /** Types that its objects can have, by all subgraphs that bring it; undefined: any. */
  types: ReadonlySet<string> | undefined;
}

const ALWAYS: ConditionSet = new Map();

/** Some step brings the field under any of its arguments, whatever the values of variables are. */
export function isAlwaysProvided({ asks }: ProvidedField): boolean {
  return [...asks.values()].some((sets) => sets.some(({ size }) => size === 0));
}

export interface ProvidedContext {
  /** With all that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly subgraphTypes: SubgraphTypes;
}

export function providedBy(steps: readonly PlanStep[], context: ProvidedContext): Provided {
  const root: Provided = { fields: new Map() };
  for (const step of steps) provide(step, root, context);
  return root;
}

/** `price(currency:EUR)`, for comparing what is asked with what is brought. */
export function askOf(field: FieldNode, options: ArgumentOptions): string {
  return `${field.name.value}(${argumentText(field.arguments ?? [], options)})`;
}

export function argumentsOf(type: string, field: string, schema: GraphQLSchema): readonly GraphQLArgument[] {
  const declared = schema.getType(type);
  if (!isObjectType(declared) && !isInterfaceType(declared)) return [];
  return declared.getFields()[field]?.args ?? [];
}

interface Walk extends ProvidedContext {
  readonly step: PlanStep;
}

function provide(step: PlanStep, root: Provided, context: ProvidedContext): void {
  const [operation] = parse(step.operation, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a step without an operation');
  const walk: Walk = { ...context, step };
  const conditions: ConditionSet = new Map(step.when.map(({ variable, is }) => [variable, is]));
  const rootType = context.supergraph.getRootType(step.type as typeof operation.operation)?.name ?? '';
  if (step.groups === null)
    return void add(operation.selectionSet, descend(root, step.place), { path: [], type: rootType, conditions }, walk);
  for (const { responseKey, places } of step.groups) {
    const entities = operation.selectionSet.selections.find(
      (set): set is FieldNode => set.kind === Kind.FIELD && (set.alias ?? set.name).value === responseKey,
    );
    if (entities?.selectionSet === undefined) throw new Error(`a step without ${responseKey}`);
    for (const place of places)
      add(entities.selectionSet, descend(root, place), { path: [responseKey], type: '', conditions }, walk);
  }
}

export function descend(root: Provided, place: Place): Provided {
  let at = root;
  for (const key of place) if (key !== '@') at = fieldAt(at, key).below;
  return at;
}

function fieldAt(at: Provided, key: string): ProvidedField {
  let found = at.fields.get(key);
  if (found === undefined) {
    found = { asks: new Map(), below: { fields: new Map() }, types: undefined };
    at.fields.set(key, found);
  }
  return found;
}

interface Position {
  /** In the answer of the step. */
  readonly path: readonly string[];
  readonly type: string;
  readonly conditions: ConditionSet;
}

function add(set: SelectionSetNode, at: Provided, position: Position, walk: Walk): void {
  for (const selection of set.selections) {
    // under conditions that exclude each other nothing is brought
    const conditions = withConditions(position.conditions, selection);
    if (conditions === undefined) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition?.name.value ?? position.type;
      add(selection.selectionSet, at, { ...position, type, conditions }, walk);
    } else if (selection.kind === Kind.FIELD) {
      addField(selection, at, { ...position, conditions }, walk);
    }
  }
}

function addField(field: FieldNode, at: Provided, { path, type, conditions }: Position, walk: Walk): void {
  const { step, supergraph, subgraphTypes } = walk;
  const sent = (field.alias ?? field.name).value;
  const here = [...path, sent];
  const found = fieldAt(at, renamed(sent, here, step.renames));
  const ask = askOf(field, { definitions: argumentsOf(type, field.name.value, supergraph) });
  found.asks.set(ask, [...(found.asks.get(ask) ?? []), conditions.size === 0 ? ALWAYS : conditions]);
  if (field.selectionSet === undefined) return;
  const types = subgraphTypes.runtimeTypes(type, field.name.value);
  if (types !== undefined) found.types = found.types === undefined ? types : common(found.types, types);
  const declared = supergraph.getType(type);
  const definition =
    isObjectType(declared) || isInterfaceType(declared) ? declared.getFields()[field.name.value] : undefined;
  const below = definition === undefined ? '' : getNamedType(definition.type).name;
  add(field.selectionSet, found.below, { path: here, type: below, conditions }, walk);
}

function renamed(sent: string, path: readonly string[], renames: readonly DataRewrite[]): string {
  const text = path.join('.');
  const rename = renames.find(
    (one) => one.kind === 'KeyRenamer' && one.path.filter((key) => !key.startsWith('... on ')).join('.') === text,
  );
  return rename?.kind === 'KeyRenamer' ? rename.renameKeyTo : sent;
}
