import { GraphError } from '@weft/errors';

/**
 * A key field of a representation as text. Representations come as JSON of any shape: throws BAD_USER_INPUT for a field
 * that is missing or not text. Whether it is an id is the loader's question.
 */
export function entityKey(representation: unknown, field: string): string {
  const value = fieldOf(representation, field);
  if (typeof value === 'string') return value;
  throw new GraphError('BAD_USER_INPUT', `The key field ${field} of a representation is missing or is not text.`);
}

/** True when the representation carries the field, so that an entity with several keys knows which one was sent. */
export function hasKey(representation: unknown, field: string): boolean {
  return fieldOf(representation, field) !== undefined;
}

function fieldOf(representation: unknown, field: string): unknown {
  if (typeof representation !== 'object' || representation === null || !Object.hasOwn(representation, field))
    return undefined;
  return representation[field as keyof typeof representation];
}
