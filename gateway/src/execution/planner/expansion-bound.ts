import { GraphError } from '@weft/errors';
import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/** Most selections of an operation once its fragments are spread out; a planner's work grows with them. */
const MOST_SELECTIONS = 10_000;

/**
 * Counts selections as if every fragment were written out, each fragment once: the work is that of the document, however
 * much it would expand to. Fragments have no cycles; whoever validated the document has seen to that.
 *
 * Demand control has counted what the selections give, but not how often the same is selected, which is what a planner walks.
 *
 * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE
 */
export function assertPlannableSize(document: DocumentNode): void {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet] as const] : [],
    ),
  );
  const sizes = new Map<string, number>();
  const fragmentSize = (name: string): number => {
    let size = sizes.get(name);
    if (size === undefined) {
      const set = fragments.get(name);
      size = set === undefined ? 0 : sizeOf(set);
      sizes.set(name, size);
    }
    return size;
  };
  const sizeOf = ({ selections }: SelectionSetNode): number => {
    let size = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) size += fragmentSize(selection.name.value);
      else size += 1 + (selection.selectionSet === undefined ? 0 : sizeOf(selection.selectionSet));
    }
    return size;
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || sizeOf(definition.selectionSet) <= MOST_SELECTIONS) continue;
    throw new GraphError(
      'COST_ESTIMATED_TOO_EXPENSIVE',
      `The operation selects more than ${MOST_SELECTIONS} fields once its fragments are spread out: ask for fewer.`,
      { extensions: { limit: MOST_SELECTIONS } },
    );
  }
}
