import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Thing } from './identity.ts';
import { computeValue } from './values.ts';
import { type Declaration, declarationIn, type Field, fieldNamed, type World } from './world.ts';

const parsed = new Map<string, SelectionSetNode>();

/** The declaration by which a field is computed from others; undefined: it is not. */
export function requiringDeclaration(field: Field): Declaration | undefined {
  return field.declarations.find(({ requires }) => requires !== undefined);
}

/** What a representation brought of what a field requires, in the order of its selection. What is missing shows. */
export function requiredFrom(requires: string, representation: Readonly<Record<string, unknown>>): unknown {
  return selectFrom(selectionOf(requires), representation);
}

function selectFrom(selection: SelectionSetNode, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const node of selection.selections) {
    if (node.kind === Kind.FIELD) {
      const value = data[node.name.value];
      out[node.name.value] = value === undefined ? 'MISSING' : mapped(value, node.selectionSet);
    } else if (node.kind === Kind.INLINE_FRAGMENT && data.__typename === node.typeCondition?.name.value) {
      Object.assign(out, selectFrom(node.selectionSet, data));
    }
  }
  return out;
}

function mapped(value: unknown, selection: SelectionSetNode | undefined): unknown {
  if (selection === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapped(item, selection));
  return selectFrom(selection, value as Record<string, unknown>);
}

/** The same, computed: what a representation must bring. Arguments are coerced as the schema of the requiring subgraph says. */
export function requiredOf(
  world: World,
  schemas: ReadonlyMap<string, GraphQLSchema>,
  thing: Thing,
  declaration: Declaration,
): unknown {
  const schema = schemas.get(declaration.subgraph);
  if (schema === undefined) throw new Error(`no subgraph ${declaration.subgraph}`);
  return compute(selectionOf(declaration.requires ?? ''), thing);

  function compute(selection: SelectionSetNode, of: Thing): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const node of selection.selections) {
      if (node.kind === Kind.FIELD) out[node.name.value] = completed(computeField(node, of), node.selectionSet);
      else if (node.kind === Kind.INLINE_FRAGMENT && of.type === node.typeCondition?.name.value) {
        Object.assign(out, compute(node.selectionSet, of));
      }
    }
    return out;
  }

  function completed(value: unknown, selection: SelectionSetNode | undefined): unknown {
    if (selection === undefined || value === null) return value;
    return Array.isArray(value) ? value.map((item) => completed(item, selection)) : compute(selection, value as Thing);
  }

  function computeField(node: FieldNode, of: Thing): unknown {
    if (node.name.value === '__typename') return of.type;
    const found = fieldNamed(world, of.type, node.name.value);
    if (found === undefined) throw new Error(`${of.type} has no ${node.name.value}`);
    // who requires it may know only the interface of it
    const type = schema?.getType(found.owner.name) ?? schema?.getType(found.owner.space);
    const definition = (type as GraphQLObjectType | undefined)?.getFields()[node.name.value];
    if (definition === undefined) throw new Error(`${declaration.subgraph} has no ${of.type}.${node.name.value}`);
    const own = requiringDeclaration(found.field);
    return computeValue(world, of, node.name.value, {
      arguments: getArgumentValues(definition, node),
      ...(own !== undefined && { required: requiredOf(world, schemas, of, own) }),
    });
  }
}

/** Names of the fields that it starts from. */
export function namesIn(requires: string): string[] {
  return selectionOf(requires).selections.flatMap((node) => (node.kind === Kind.FIELD ? [node.name.value] : []));
}

function selectionOf(requires: string): SelectionSetNode {
  const text = requires.replaceAll('\\"', '"');
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const [operation] = parse(`{ ${text} }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a selection: ${text}`);
  parsed.set(text, operation.selectionSet);
  return operation.selectionSet;
}

/** Whether `declarationIn` lets a subgraph answer a field by itself. */
export function isForeign(field: Field, subgraph: string): boolean {
  const declaration = declarationIn(field, subgraph);
  return declaration === undefined || declaration.external === true || declaration.overridden === true;
}
