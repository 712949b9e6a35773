import {
  type DocumentNode,
  type FieldNode,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { TreeField, TreeNode } from './selection-tree.ts';

export type IsRefused = (field: TreeField) => boolean;

/**
 * The operation without the refused fields. Where something of them may have to be null, the type of the object is asked
 * for under a name of ours; so is it where nothing else is left of an object, which may still be there or not.
 */
export function withoutRefused(
  operation: OperationDefinitionNode,
  tree: readonly TreeNode[],
  options: { readonly isRefused: IsRefused; readonly typeKey: string },
): DocumentNode {
  const typeName: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: options.typeKey },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  const kept = (selections: readonly TreeNode[]): SelectionNode[] =>
    selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === 'field') {
        if (options.isRefused(selection)) return [];
        const { node, selections: below, type } = selection;
        return below === undefined ? [node] : [{ ...node, selectionSet: setOf(below, type) }];
      }
      const below = kept(selection.selections);
      if (below.length === 0) return [];
      const { on, directives } = selection;
      return [
        {
          kind: Kind.INLINE_FRAGMENT,
          directives,
          selectionSet: { kind: Kind.SELECTION_SET, selections: below },
          ...(on !== undefined && {
            typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: on } },
          }),
        },
      ];
    });
  const setOf = (selections: readonly TreeNode[], type: GraphQLOutputType | undefined): SelectionSetNode => {
    const below = kept(selections);
    const needsType = below.length === 0 || (type !== undefined && isAbstractType(getNamedType(type)));
    return { kind: Kind.SELECTION_SET, selections: needsType ? [...below, typeName] : below };
  };
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet: setOf(tree, undefined) }] };
}

/** A name that no field of the answer has. */
export function freeKey(tree: readonly TreeNode[]): string {
  const taken = new Set<string>();
  const waiting = [...tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'field') taken.add(node.key);
    waiting.push(...(node.selections ?? []));
  }
  let key = '__type';
  while (taken.has(key)) key += '_';
  return key;
}
