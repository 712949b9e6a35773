/**
 * How an answer lies in the tape (an Int32Array).
 *
 * A record (an object of an answer) is `[next, 0, slots...]`; `next` chains the items of a list. An item that is no object
 * is a cell, `[next, 1, value]`. The slot of a composite field is one value: the offset of a record, LIST + the offset of
 * the first item, or one of the negative words below. The slot of a leaf field is two: where its text starts (or MISSING)
 * and ends. A link's slot holds the record that another step brought for the same object.
 */
export const NEXT = 0;
export const CELL = 1;
export const CELL_VALUE = 2;
export const FIRST_SLOT = 2;
export const CELL_SIZE = 3;

/** In a link: the subgraph says that there is no such entity. */
export const NULL = -1;
export const MISSING = -2;
export const EMPTY_LIST = -3;
/** A string, number or boolean where the operation asked for objects. */
export const WRONG_KIND = -4;
/** In a link: the object is asked for, and the answer is not there yet. */
export const ASKED = -5;

/** Added to offsets of lists, so that a list is never taken for a record. */
export const LIST = 2 ** 29;
export const END_OF_LIST = -1;

/** Lists in lists beyond this are of a wrong kind; bounds the recursion. */
export const MOST_LIST_LEVELS = 16;

export function isRecordValue(value: number): boolean {
  return value >= 0 && value < LIST;
}

export function isListValue(value: number): boolean {
  return value >= LIST || value === EMPTY_LIST;
}

/** Offset of the first item, or END_OF_LIST for what is no list or an empty one. */
export function firstItem(value: number): number {
  return value >= LIST ? value - LIST : END_OF_LIST;
}

/** The value that an item of a list stands for. */
export function itemValue(tape: Int32Array, item: number): number {
  return tape[item + CELL] === 0 ? item : (tape[item + CELL_VALUE] as number);
}
