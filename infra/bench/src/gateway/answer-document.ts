import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type EntityRef, type Value, WORLD } from './world.ts';

export interface GraphRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

interface Run {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

const ROOT = { type: 'Query', key: '' };

/**
 * The data of an operation on the world: a subgraph's answer to a gateway, and the right answer of the whole graph.
 * Fields are in the order that the specification asks for.
 */
export function answerDocument(request: GraphRequest): Record<string, unknown> {
  const { definitions } = parse(request.query, { noLocation: true });
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION) as OperationDefinitionNode[];
  const operation =
    operations.length === 1 ? operations[0] : operations.find(({ name }) => name?.value === request.operationName);
  if (operation === undefined) throw new Error('no such operation');
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION) as FragmentDefinitionNode[];
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return objectOf(ROOT, [operation.selectionSet], {
    fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
    variables: { ...Object.fromEntries(defaults), ...request.variables },
  });
}

type Parent = EntityRef | typeof ROOT;

function objectOf(parent: Parent, sets: readonly SelectionSetNode[], run: Run): Record<string, unknown> {
  const fields = new Map<string, FieldNode[]>();
  for (const set of sets) collect(parent.type, set, run, fields);
  return Object.fromEntries([...fields].map(([key, nodes]) => [key, valueOfField(parent, nodes, run)]));
}

function collect(type: string, set: SelectionSetNode, run: Run, into: Map<string, FieldNode[]>): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, run)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      into.set(key, [...(into.get(key) ?? []), selection]);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : run.fragments.get(selection.name.value);
    if (fragment === undefined) throw new Error('no such fragment');
    const condition = fragment.typeCondition?.name.value;
    // the graph has no abstract type but _Entity
    if (condition === undefined || condition === type || condition === '_Entity')
      collect(type, fragment.selectionSet, run, into);
  }
}

function isIncluded({ directives = [] }: { readonly directives?: FieldNode['directives'] }, run: Run): boolean {
  return directives.every(({ name, arguments: args = [] }) => {
    const condition = args[0] === undefined ? true : valueFromASTUntyped(args[0].value, run.variables);
    return name.value === 'skip' ? condition !== true : name.value === 'include' ? condition === true : true;
  });
}

function valueOfField(parent: Parent, nodes: readonly FieldNode[], run: Run): unknown {
  const [node] = nodes;
  if (node === undefined) return null;
  if (node.name.value === '__typename') return parent.type;
  const resolve = WORLD[parent.type]?.[node.name.value];
  if (resolve === undefined) throw new Error(`no field ${parent.type}.${node.name.value}`);
  const args = (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, run.variables)]);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return complete(resolve(parent as EntityRef, Object.fromEntries(args)), sets, run);
}

function complete(value: Value, sets: readonly SelectionSetNode[], run: Run): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('type' in value) return objectOf(value, sets, run);
  return value.map((entity) => objectOf(entity, sets, run));
}
