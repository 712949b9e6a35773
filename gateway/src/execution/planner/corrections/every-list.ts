import {
  type DocumentNode,
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { mapPlan } from '../map-plan.ts';
import type { FetchNode, Place, QueryPlan } from '../query-plan.ts';

/**
 * Gives each place one `@` for each list that its fields are: @graphql-hive/router-query-planner writes one for a list of
 * lists too, and leaves it to who runs the plan to go through all of them.
 */
export function withEveryList(plan: QueryPlan, document: DocumentNode, schema: GraphQLSchema): QueryPlan {
  if (plan.node === undefined) return plan;
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const root = operation && schema.getRootType(operation.operation);
  if (operation === undefined || !root) return plan;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const walk: Walk = { schema, fragments };
  const start: Position = { types: [root.name], sets: [{ type: root.name, set: operation.selectionSet }] };
  // its plans name whole paths: below a Flatten, places are empty
  const path = (place: Place): Place => everyList(place, start, walk);
  const fetch = (node: FetchNode): FetchNode => {
    const entities = node.entities?.map((one) => ({ ...one, places: one.places.map(path) })) ?? null;
    return { ...node, entities };
  };
  return { node: mapPlan(plan.node, { fetch, path }) };
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<
    string,
    { readonly typeCondition: { readonly name: { readonly value: string } }; readonly selectionSet: SelectionSetNode }
  >;
}

interface Position {
  /** Where nothing is selected: a field that only a requirement needs has its own name. */
  readonly types: readonly string[];
  readonly sets: readonly { readonly type: string; readonly set: SelectionSetNode }[];
}

function everyList(place: Place, start: Position, walk: Walk): Place {
  let at = start;
  const corrected: string[] = [];
  for (const [index, key] of place.entries()) {
    if (key === '@') continue;
    const found = at.sets.flatMap(({ type, set }) => fieldsNamed(key, type, set, walk));
    const types = [
      ...found.flatMap(({ type }) => type ?? []),
      ...(found.length > 0 ? [] : ownFields(key, at.types, walk)),
    ];
    const [type] = types;
    // of SameResponseShape (section 5.3.2 of the specification): all of them are lists as often
    const lists = type === undefined ? (place[index + 1] === '@' ? 1 : 0) : listDepth(type);
    corrected.push(key, ...Array.from({ length: lists }, () => '@'));
    at = {
      types: types.map((one) => getNamedType(one).name),
      sets: found.flatMap(({ field, type: of }) =>
        field.selectionSet === undefined || of === undefined
          ? []
          : [{ type: getNamedType(of).name, set: field.selectionSet }],
      ),
    };
  }
  return corrected;
}

interface FoundField {
  readonly field: FieldNode;
  readonly type: GraphQLOutputType | undefined;
}

function fieldsNamed(key: string, type: string, set: SelectionSetNode, walk: Walk): FoundField[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      if ((selection.alias ?? selection.name).value !== key) return [];
      return [{ field: selection, type: fieldType(type, selection.name.value, walk.schema) }];
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value);
    return inner === undefined
      ? []
      : fieldsNamed(key, inner.typeCondition?.name.value ?? type, inner.selectionSet, walk);
  });
}

function ownFields(name: string, types: readonly string[], { schema }: Walk): GraphQLOutputType[] {
  return types.flatMap((type) => {
    const declared = schema.getType(type);
    const members = isAbstractType(declared) ? schema.getPossibleTypes(declared).map((one) => one.name) : [];
    return [type, ...members].flatMap((one) => fieldType(one, name, schema) ?? []);
  });
}

function fieldType(type: string, field: string, schema: GraphQLSchema): GraphQLOutputType | undefined {
  const declared = schema.getType(type);
  return isObjectType(declared) || isInterfaceType(declared) ? declared.getFields()[field]?.type : undefined;
}

function listDepth(type: GraphQLOutputType): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + listDepth(nullable.ofType as GraphQLOutputType) : 0;
}
