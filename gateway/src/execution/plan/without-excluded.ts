import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** Undefined: not decided yet. */
export type ConditionValue = (variable: string) => boolean | undefined;

/** In a set that is empty, or could be when the operation runs: the object itself must still be fetched. */
const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Takes out what `@skip` and `@include` leave out, as far as their conditions are decided, and those directives with it.
 * `valueFor` is asked for the names in the document.
 */
export function withoutExcluded(document: DocumentNode, valueFor: ConditionValue): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave(set) {
        const kept = set.selections.flatMap((selection) => decide(selection, valueFor));
        const certain = kept.some(({ directives = [] }) => directives.length === 0);
        return { ...set, selections: certain ? kept : [...kept, TYPENAME] } satisfies SelectionSetNode;
      },
    },
  });
}

function decide(selection: SelectionNode, valueFor: ConditionValue): SelectionNode[] {
  const directives: DirectiveNode[] = [];
  for (const directive of selection.directives ?? []) {
    const is = conditionOf(directive, valueFor);
    if (is === false) return [];
    if (is === undefined) directives.push(directive);
  }
  return [{ ...selection, directives }];
}

/** True: the selection stays as far as this directive goes. Undefined: not a condition, or not decided. */
function conditionOf({ name, arguments: given }: DirectiveNode, valueFor: ConditionValue): boolean | undefined {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  const value = given?.[0]?.value;
  const holds =
    value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE ? valueFor(value.name.value) : undefined;
  return holds === undefined ? undefined : holds === (name.value === 'include');
}
