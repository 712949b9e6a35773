import type { Arena } from './arena.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endOfString,
  endOfValue,
  NotJson,
  notJson,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SMALL_N,
  skipSpace,
} from './scan.ts';
import {
  CELL,
  CELL_SIZE,
  CELL_VALUE,
  EMPTY_LIST,
  END_OF_LIST,
  LIST,
  MISSING,
  MOST_LIST_LEVELS,
  NEXT,
  NULL,
  WRONG_KIND,
} from './tape.ts';

/** Indexes the object that starts at a position: gives its record, and leaves the position behind it in `arena.at`. */
export type IndexRecord = (arena: Arena, start: number) => number;

/** What the general indexer must know of a position. */
export interface RecordShape {
  /** `"name"`, with its quotes, in the order of the slots. */
  readonly keys: readonly Buffer[];
  readonly offsets: readonly number[];
  /** Null: a leaf. */
  readonly inner: readonly (IndexRecord | null)[];
  /** Where the slots of fields end and those of links begin. */
  readonly fieldsEnd: number;
}

/** Where the generated indexer has stopped: before anything, behind a value, or behind a comma. */
export const AT_START = 0;
export const AFTER_VALUE = 1;
export const AFTER_COMMA = 2;

/**
 * Indexes the rest of an object, whatever legal JSON it is: white space, any order, unknown and escaped keys. Of keys that
 * come twice the last one counts, as for JSON.parse.
 */
export function indexRest(
  arena: Arena,
  shape: RecordShape,
  record: number,
  next: number,
  start: number,
  stopped: number,
): number {
  if (next < shape.offsets.length)
    setMissing(arena.tape, record + (shape.offsets[next] as number), record + shape.fieldsEnd);
  const { bytes } = arena;
  let at = skipSpace(bytes, start);
  let expected = next;
  if (bytes[at] === CLOSE_BRACE && stopped !== AFTER_COMMA) {
    arena.at = at + 1;
    return record;
  }
  if (stopped === AFTER_VALUE) at = afterComma(bytes, at);
  for (;;) {
    if (bytes[at] !== QUOTE) throw notJson(at);
    const end = endOfString(bytes, at);
    const field = findField(bytes, at, end, shape.keys, expected);
    at = skipSpace(bytes, end);
    if (bytes[at] !== COLON) throw notJson(at);
    at = skipSpace(bytes, at + 1);
    at = skipSpace(bytes, field === -1 ? endOfValue(bytes, at) : indexField(arena, shape, record, field, at));
    if (field !== -1) expected = field + 1;
    if (bytes[at] === CLOSE_BRACE) {
      arena.at = at + 1;
      return record;
    }
    at = afterComma(bytes, at);
  }
}

function setMissing(tape: Int32Array, start: number, end: number): void {
  for (let slot = start; slot < end; slot += 1) tape[slot] = MISSING;
}

function afterComma(bytes: Buffer, at: number): number {
  if (bytes[at] !== COMMA) throw notJson(at);
  return skipSpace(bytes, at + 1);
}

function indexField(arena: Arena, shape: RecordShape, record: number, field: number, at: number): number {
  const slot = record + (shape.offsets[field] as number);
  const inner = shape.inner[field] as IndexRecord | null;
  if (inner === null) {
    const end = endOfValue(arena.bytes, at);
    arena.tape[slot] = at;
    arena.tape[slot + 1] = end;
    return end;
  }
  const value = indexValue(arena, at, inner);
  arena.tape[slot] = value;
  return arena.at;
}

/** The field whose key stands at [start, end), tried first in the order asked for; -1: none. */
function findField(bytes: Buffer, start: number, end: number, keys: readonly Buffer[], expected: number): number {
  const count = keys.length;
  for (let tried = 0, field = expected < count ? expected : 0; tried < count; tried += 1) {
    if (isText(bytes, start, end, keys[field] as Buffer)) return field;
    field = field + 1 === count ? 0 : field + 1;
  }
  if (!hasEscape(bytes, start, end)) return -1;
  const key = JSON.stringify(JSON.parse(bytes.toString('utf8', start, end)));
  return keys.findIndex((candidate) => candidate.toString('latin1') === key);
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}

/** Whether [start, end) is exactly this text. */
export function isText(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  const length = text.length;
  if (end - start !== length) return false;
  for (let index = 0; index < length; index += 1) if (bytes[start + index] !== text[index]) return false;
  return true;
}

/** The value of a composite field. */
export function indexValue(arena: Arena, at: number, inner: IndexRecord, levels = 0): number {
  const byte = arena.bytes[at];
  if (byte === OPEN_BRACE) return inner(arena, at);
  if (byte === OPEN_BRACKET && levels < MOST_LIST_LEVELS) return indexList(arena, at, inner, levels + 1);
  arena.at = endOfValue(arena.bytes, at);
  return byte === SMALL_N ? NULL : WRONG_KIND;
}

function indexList(arena: Arena, start: number, inner: IndexRecord, levels: number): number {
  const { bytes } = arena;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_BRACKET) {
    arena.at = at + 1;
    return EMPTY_LIST;
  }
  let first = END_OF_LIST;
  let last = END_OF_LIST;
  for (;;) {
    const item = bytes[at] === OPEN_BRACE ? inner(arena, at) : indexCell(arena, at, inner, levels);
    if (first === END_OF_LIST) first = item;
    else arena.tape[last + NEXT] = item;
    last = item;
    at = arena.at;
    if (bytes[at] !== COMMA) {
      at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_BRACKET) {
        arena.at = at + 1;
        return first + LIST;
      }
      if (bytes[at] !== COMMA) throw notJson(at);
    }
    at = skipSpace(bytes, at + 1);
  }
}

function indexCell(arena: Arena, at: number, inner: IndexRecord, levels: number): number {
  const cell = arena.allocate(CELL_SIZE);
  const value = indexValue(arena, at, inner, levels);
  arena.tape[cell + NEXT] = END_OF_LIST;
  arena.tape[cell + CELL] = 1;
  arena.tape[cell + CELL_VALUE] = value;
  return cell;
}

/** A whole text that must be one object. */
export function indexWhole(arena: Arena, start: number, end: number, inner: IndexRecord): number {
  const at = skipSpace(arena.bytes, start);
  if (arena.bytes[at] !== OPEN_BRACE) throw new NotJson('not an object');
  const record = inner(arena, at);
  if (skipSpace(arena.bytes, arena.at) !== end) throw notJson(arena.at);
  return record;
}
