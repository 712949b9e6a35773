import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Requirement, RequirementsOf } from './requirements.ts';

export type TreeNode = TreeField | TreeFragment;

export interface TreeField {
  readonly kind: 'field';
  readonly node: FieldNode;
  /** Its name in the answer. */
  readonly key: string;
  readonly type: GraphQLOutputType;
  readonly requirements: readonly Requirement[];
  /** Undefined for a leaf. */
  readonly selections: readonly TreeNode[] | undefined;
}

/** A fragment, spread or inline: a spread is written out, since what it may give depends on where it stands. */
export interface TreeFragment {
  readonly kind: 'fragment';
  readonly directives: readonly DirectiveNode[];
  /** Name of the type condition. */
  readonly on: string | undefined;
  /** Types of the objects that it selects from. */
  readonly scope: ReadonlySet<string>;
  readonly selections: readonly TreeNode[];
}

interface Place {
  readonly parent: GraphQLCompositeType;
  readonly scope: ReadonlySet<string>;
}

/** The selections of an operation with what each asks of the caller. The limits bound how large it can be. */
export function selectionTree(
  { schema, requirementsOf }: { readonly schema: GraphQLSchema; readonly requirementsOf: RequirementsOf },
  { document, operation }: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
): readonly TreeNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const everyTypeOf = (type: GraphQLCompositeType): ReadonlySet<string> =>
    isObjectType(type) ? new Set([type.name]) : new Set(schema.getPossibleTypes(type).map(({ name }) => name));

  const set = ({ selections }: SelectionSetNode, place: Place): TreeNode[] =>
    selections.flatMap((selection): TreeNode[] => {
      if (selection.kind === Kind.FIELD) return field(selection, place);
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value;
        return [fragment({ on, directives: selection.directives, selectionSet: selection.selectionSet }, place)];
      }
      const definition = fragments.get(selection.name.value);
      if (definition === undefined) return [];
      const { typeCondition, selectionSet } = definition;
      return [fragment({ on: typeCondition.name.value, directives: selection.directives, selectionSet }, place)];
    });

  const fragment = (
    found: {
      readonly on: string | undefined;
      readonly directives: readonly DirectiveNode[] | undefined;
      readonly selectionSet: SelectionSetNode;
    },
    place: Place,
  ): TreeFragment => {
    const type = found.on === undefined ? place.parent : schema.getType(found.on);
    if (!isCompositeType(type)) throw new Error('a fragment of a validated operation is on no composite type');
    const scope = type === place.parent ? place.scope : both(place.scope, everyTypeOf(type));
    return {
      kind: 'fragment',
      on: found.on,
      directives: found.directives ?? [],
      scope,
      selections: set(found.selectionSet, { parent: type, scope }),
    };
  };

  const field = (node: FieldNode, { parent, scope }: Place): TreeField[] => {
    const key = node.alias?.value ?? node.name.value;
    const definition = fieldOf(schema, parent, node.name.value);
    // __typename: which types there are is in the schema
    if (definition === undefined)
      return [{ kind: 'field', node, key, type: TypeNameMetaFieldDef.type, requirements: [], selections: undefined }];
    const of = getNamedType(definition.type);
    const selections =
      node.selectionSet === undefined || !isCompositeType(of)
        ? undefined
        : set(node.selectionSet, { parent: of, scope: everyTypeOf(of) });
    const requirements = requirementsOf({ parent, field: definition, scope });
    return [{ kind: 'field', node, key, type: definition.type, requirements, selections }];
  };

  const root = schema.getRootType(operation.operation);
  if (root === undefined || root === null) throw new Error('a validated operation has no root type');
  return set(operation.selectionSet, { parent: root, scope: everyTypeOf(root) });
}

function fieldOf(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isUnionType(parent) ? undefined : parent.getFields()[name];
}

function both(some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...some].filter((name) => others.has(name)));
}
