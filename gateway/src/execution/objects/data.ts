/** An object of subgraph answers, as they are merged. Its keys are response names of the steps. */
export type Data = { [responseName: string]: unknown };

/** Null, and an error has been told for it. */
export const FAILED = Symbol('failed');
/** Null: the entity that would have this field is not there, says its subgraph. */
export const ABSENT = Symbol('absent');
/** Null, and an error is to be told: two subgraphs gave values that cannot both be right. */
export const DISAGREED = Symbol('disagreed');

/** True for an object of an answer; not for lists, and not for a number that is kept as it was written. */
export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
