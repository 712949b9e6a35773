import { Field, isInterfaceObjectType } from '@apollo/federation-internals';

/**
 * Runs `work` while `__typename` may be selected of an `@interfaceObject`. @apollo/query-planner puts it into the fetch that
 * gives the key of such an object, for the representations of a later fetch, and stumbles over it when the key came by
 * `@requires` of another such object: "Cannot add selection of field Media.__typename". There it is the name of the
 * interface, which is what the representation has to say; clients get the name that the interface's own subgraph gives.
 *
 * `work` is synchronous, so no other planner of the process sees the difference.
 */
export function withAbstractTypenames<Result>(work: () => Result): Result {
  const { prototype } = Field;
  const own = prototype.rebaseOn;
  prototype.rebaseOn = function rebaseOn(this: Field, options: Parameters<typeof own>[0]) {
    const { parentType, errorIfCannotRebase } = options;
    return errorIfCannotRebase && this.name === '__typename' && isInterfaceObjectType(parentType)
      ? this.withUpdatedDefinition(parentType.typenameField() as never)
      : own.call(this, options);
  } as typeof own;
  try {
    return work();
  } finally {
    prototype.rebaseOn = own;
  }
}
