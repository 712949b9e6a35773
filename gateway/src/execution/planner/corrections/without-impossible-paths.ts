import {
  type CompositeType,
  isInterfaceObjectType,
  isObjectType,
  type OperationPath,
  runtimeTypesIntersects,
  type Selection,
  SelectionSet,
  SelectionSetUpdates,
} from '@apollo/federation-internals';

type Added = NonNullable<Parameters<SelectionSetUpdates['addAtPath']>[1]>;

/**
 * Runs `work` while nothing is selected below types that exclude each other. @apollo/query-planner writes what an
 * `@interfaceObject` requires out for every type of the interface, also below a fragment on one of them, and stumbles over
 * `... on Book { ... on Film { id } }`. No object is both, so nothing is lost.
 *
 * `work` is synchronous, so no other planner of the process sees the difference.
 */
export function withoutImpossiblePaths<Result>(work: () => Result): Result {
  const { prototype } = SelectionSetUpdates;
  const { add, addAtPath } = prototype;
  prototype.add = function addPossible(selections) {
    return add.call(this, possible(selections, []));
  };
  prototype.addAtPath = function addPossibleAtPath(path, selections) {
    const around = typesAround(path);
    if (around === undefined) return this;
    return addAtPath.call(this, path, selections && possible(selections, around));
  };
  try {
    return work();
  } finally {
    prototype.add = add;
    prototype.addAtPath = addAtPath;
  }
}

/** Types that an object at the end of a path has; undefined: no object is of all of them, here or further up. */
function typesAround(path: OperationPath): readonly CompositeType[] | undefined {
  let around: CompositeType[] = [];
  for (const element of path) {
    if (element.kind === 'Field') {
      const type = element.baseType();
      around = isObjectType(type) ? [type] : [];
    } else if (element.typeCondition !== undefined) {
      if (!canBe(around, element.typeCondition)) return undefined;
      around.push(element.typeCondition);
    }
  }
  return around;
}

function possible(given: Added, around: readonly CompositeType[]): Added {
  if (given instanceof SelectionSet) return given.lazyMap((one) => possiblePart(one, around));
  return ('kind' in given ? [given] : given).flatMap((one) => possiblePart(one, around) ?? []);
}

function possiblePart(selection: Selection, around: readonly CompositeType[]): Selection | undefined {
  if (selection.kind !== 'FragmentSelection') return selection;
  const { typeCondition } = selection.element;
  if (typeCondition !== undefined && !canBe(around, typeCondition)) return undefined;
  const inner = typeCondition === undefined ? around : [...around, typeCondition];
  const selections = selection.selectionSet.lazyMap((one) => possiblePart(one, inner));
  return selections.isEmpty() ? undefined : selection.withUpdatedSelectionSet(selections);
}

function canBe(around: readonly CompositeType[], type: CompositeType): boolean {
  return around.every((other) => isOfAny(other) || isOfAny(type) || runtimeTypesIntersects(other, type));
}

/** A subgraph that knows only the interface has objects of any type of it. */
function isOfAny(type: CompositeType): boolean {
  return isInterfaceObjectType(type);
}
