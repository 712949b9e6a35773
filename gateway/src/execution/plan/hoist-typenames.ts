import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Asks for the type of an object once, beside its fields, and never inside fragments or under other names: the answer is
 * written from the type of the object whatever the client calls it, and planners fail on names inside of fragments where
 * some subgraph knows only the interface (`@interfaceObject`).
 */
export function hoistTypenames(document: DocumentNode): DocumentNode {
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      switch (definition.kind) {
        case Kind.OPERATION_DEFINITION:
        case Kind.FRAGMENT_DEFINITION:
          return withSet(definition, definition.selectionSet);
        default:
          return definition;
      }
    }),
  };
}

function withSet<Node extends OperationDefinitionNode | FragmentDefinitionNode>(
  node: Node,
  set: SelectionSetNode,
): Node {
  const { selections } = lower(set);
  return { ...node, selectionSet: { ...set, selections: selections.length === 0 ? [TYPENAME] : selections } };
}

interface Lowered {
  readonly selections: readonly SelectionNode[];
  /** The type of the object matters: a name was asked, or there are fragments. */
  readonly typed: boolean;
}

/** A set without names of types. */
function lower(set: SelectionSetNode): Lowered {
  let typed = false;
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value !== TYPENAME.name.value) return [withTypename(selection)];
      typed = true;
      return [];
    }
    typed = true;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const inner = lower(selection.selectionSet);
    const selectionSet: SelectionSetNode = { ...selection.selectionSet, selections: inner.selections };
    return inner.selections.length === 0 ? [] : [{ ...selection, selectionSet }];
  });
  return { selections, typed };
}

function withTypename(field: FieldNode): FieldNode {
  if (field.selectionSet === undefined) return field;
  const { selections, typed } = lower(field.selectionSet);
  return {
    ...field,
    selectionSet: { ...field.selectionSet, selections: typed ? [TYPENAME, ...selections] : selections },
  };
}
