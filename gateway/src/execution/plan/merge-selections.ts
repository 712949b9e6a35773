import {
  type FieldNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import { argumentText } from './argument-text.ts';

/**
 * What both sets ask, each field once; undefined when one response name would stand for two different fields.
 * Conditions (`@include`) are part of what a selection is.
 */
export function mergeSelections(a: SelectionSetNode, b: SelectionSetNode): SelectionSetNode | undefined {
  const merged: SelectionNode[] = [...a.selections];
  for (const selection of b.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return undefined;
    const at = merged.findIndex((known) => labelOf(known) === labelOf(selection));
    const known = merged[at];
    if (known === undefined) {
      merged.push(selection);
      continue;
    }
    const both = mergeTwo(known, selection);
    if (both === undefined) return undefined;
    merged[at] = both;
  }
  return { ...a, selections: merged };
}

function mergeTwo(a: SelectionNode, b: SelectionNode): SelectionNode | undefined {
  if (a.kind === Kind.FIELD && b.kind === Kind.FIELD) {
    if (!isSameField(a, b)) return undefined;
    if (a.selectionSet === undefined || b.selectionSet === undefined) return a;
    const selectionSet = mergeSelections(a.selectionSet, b.selectionSet);
    return selectionSet && { ...a, selectionSet };
  }
  if (a.kind !== Kind.INLINE_FRAGMENT || b.kind !== Kind.INLINE_FRAGMENT) return undefined;
  const selectionSet = mergeSelections(a.selectionSet, b.selectionSet);
  return selectionSet && { ...a, selectionSet };
}

/** Selections with the same label are one in the answer. */
function labelOf(selection: SelectionNode): string {
  if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value;
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}`;
  return `... on ${selection.typeCondition?.name.value ?? ''} ${directivesOf(selection)}`;
}

function isSameField(a: FieldNode, b: FieldNode): boolean {
  return (
    a.name.value === b.name.value &&
    argumentText(a.arguments ?? []) === argumentText(b.arguments ?? []) &&
    directivesOf(a) === directivesOf(b)
  );
}

function directivesOf({ directives = [] }: SelectionNode): string {
  return directives.map((directive) => compactText(directive)).join(' ');
}

export function compactText(node: Parameters<typeof print>[0]): string {
  return stripIgnoredCharacters(print(node));
}
