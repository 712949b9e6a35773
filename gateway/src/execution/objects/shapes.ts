import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { toClientName } from '../plan/response-names.ts';
import { type LeafValue, leafValue } from './leaf-values.ts';

/** The selections of one place, as the client wants them written. */
export interface ObjectShape {
  readonly type: string;
  /** The declared type is an object type, so that no name has to be known. */
  readonly concrete: boolean;
  /** True for a type that can stand here in what clients see. */
  has(typename: string): boolean;
  /**
   * Fields in the order of the specification (CollectFields). Undefined: they depend on a type that is not known, which
   * happens only for the name of an abstract type.
   */
  fields(typename: string): readonly FieldShape[] | undefined;
}

export interface FieldShape {
  /** What the client wrote. */
  readonly key: string;
  /** Key in the merged data. */
  readonly from: string;
  /** `Product.price`, for messages. */
  readonly coordinate: string;
  readonly value: ValueShape;
  readonly nodes: readonly FieldNode[];
}

export type ValueShape =
  | { readonly kind: 'typename' }
  /** `__schema` or `__type`. */
  | { readonly kind: 'introspection' }
  | { readonly kind: 'leaf'; readonly nonNull: boolean; readonly toValue: LeafValue; readonly name: string }
  | { readonly kind: 'list'; readonly nonNull: boolean; readonly item: ValueShape; readonly name: string }
  | { readonly kind: 'object'; readonly nonNull: boolean; readonly shape: ObjectShape; readonly name: string };

export interface ShapeContext {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Of a variable in `@skip` or `@include`. */
  readonly isTrue: (variable: string) => boolean;
}

/** Shapes are made when data first comes to a place with a type, and kept. */
export function objectShape(type: string, sets: readonly SelectionSetNode[], context: ShapeContext): ObjectShape {
  const declared = context.schema.getType(type);
  const concrete = isObjectType(declared);
  const known = new Map<string, readonly FieldShape[] | undefined>();
  return {
    type,
    concrete,
    has: (typename) => isObjectType(context.schema.getType(typename)) && isPossible(typename, type, context.schema),
    fields(typename) {
      if (known.has(typename)) return known.get(typename);
      const collected = new Map<string, FieldNode[]>();
      const certain = sets.every((set) => collect(set, typename, collected, context));
      const fields = certain ? fieldShapes(typename, collected, context) : undefined;
      known.set(typename, fields);
      return fields;
    },
  };
}

function fieldShapes(
  typename: string,
  collected: ReadonlyMap<string, readonly FieldNode[]>,
  context: ShapeContext,
): FieldShape[] | undefined {
  const type = context.schema.getType(typename);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const shapes: FieldShape[] = [];
  for (const [from, nodes] of collected) {
    const name = nodes[0]?.name.value ?? '';
    const base = { key: toClientName(from), from, coordinate: `${typename}.${name}`, nodes };
    if (name === '__typename') {
      if (!isObjectType(type)) return undefined;
      shapes.push({ ...base, value: { kind: 'typename' } });
    } else if (name === '__schema' || name === '__type') {
      shapes.push({ ...base, value: { kind: 'introspection' } });
    } else {
      const definition = type.getFields()[name];
      if (definition !== undefined) shapes.push({ ...base, value: valueShape(definition.type, nodes, context) });
    }
  }
  return shapes;
}

function valueShape(type: GraphQLOutputType, nodes: readonly FieldNode[], context: ShapeContext): ValueShape {
  const nonNull = isNonNullType(type);
  const nullable = nonNull ? type.ofType : type;
  const name = String(nullable);
  if (isListType(nullable)) return { kind: 'list', nonNull, name, item: valueShape(nullable.ofType, nodes, context) };
  if (isLeafType(nullable)) return { kind: 'leaf', nonNull, name, toValue: leafValue(nullable) };
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return { kind: 'object', nonNull, name, shape: objectShape(name, sets, context) };
}

/** False when it depends on the concrete type whether a selection counts, and `typename` is not concrete. */
function collect(
  set: SelectionSetNode,
  typename: string,
  collected: Map<string, FieldNode[]>,
  context: ShapeContext,
): boolean {
  let certain = true;
  for (const selection of set.selections) {
    if (!isIncluded(selection, context)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const known = collected.get(key);
      if (known === undefined) collected.set(key, [selection]);
      else known.push(selection);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
    if (fragment === undefined) continue;
    const condition = fragment.typeCondition?.name.value ?? typename;
    if (isPossible(typename, condition, context.schema)) {
      certain = collect(fragment.selectionSet, typename, collected, context) && certain;
    } else if (!isObjectType(context.schema.getType(typename))) {
      certain = false;
    }
  }
  return certain;
}

/** An object of `typename` always fits `condition`. */
function isPossible(typename: string, condition: string, schema: GraphQLSchema): boolean {
  if (typename === condition) return true;
  const [type, wider] = [schema.getType(typename), schema.getType(condition)];
  if (wider === undefined || !('getTypes' in wider || isInterfaceType(wider))) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wider, type);
}

function isIncluded({ directives = [] }: SelectionNode, { isTrue }: ShapeContext): boolean {
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = given?.[0]?.value;
    const condition =
      value?.kind === Kind.VARIABLE
        ? isTrue(toClientName(value.name.value))
        : value?.kind === Kind.BOOLEAN && value.value;
    return condition === (name.value === 'include');
  });
}
