import { parseExactJson } from '../objects/exact-json.ts';
import type { Arena } from './arena.ts';
import type { LeafText } from './leaf-text.ts';
import {
  BACKSLASH,
  CLOSE_BRACKET,
  COMMA,
  endOfValue,
  isDigit,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SMALL_N,
  skipSpace,
  startsNumber,
} from './scan.ts';
import { NULL } from './tape.ts';
import { writeByte, writeLiteral, writeText } from './write-output.ts';

const NULL_TEXT = Buffer.from('null');

/** Null, where null may be: the word of a value, or where its text starts. False: it is neither null nor can it be copied. */
export function writeNull(arena: Arena, value: number): boolean {
  if (value !== NULL && (value < 0 || arena.bytes[value] !== SMALL_N)) return false;
  writeLiteral(arena, NULL_TEXT);
  return true;
}

/** Null, for a composite value. */
export function writeNullValue(arena: Arena, value: number): boolean {
  if (value !== NULL) return false;
  writeLiteral(arena, NULL_TEXT);
  return true;
}

/** Ends the brace of an object whose fields each wrote a comma before them. */
export function openObject(arena: Arena, start: number): void {
  if (arena.outputLength === start) writeByte(arena, OPEN_BRACE);
  else arena.output[start] = OPEN_BRACE;
}

export interface LeafList {
  /** Of lists; 1: the items are leaves. */
  readonly levels: number;
  /** For each level, whether its items may be null. */
  readonly nullable: readonly boolean[];
  readonly check: LeafText;
  /** Writes items that cannot be copied as they are; false: it cannot. */
  readonly other: ((arena: Arena, start: number, end: number) => boolean) | undefined;
}

/** A list of leaves without its white space. False, with some of it written: it takes a closer look. */
export function writeLeafList(arena: Arena, start: number, list: LeafList, level: number): boolean {
  const { bytes } = arena;
  if (bytes[start] !== OPEN_BRACKET) return false;
  writeByte(arena, OPEN_BRACKET);
  let at = skipSpace(bytes, start + 1);
  while (bytes[at] !== CLOSE_BRACKET) {
    if (bytes[at] === COMMA) {
      writeByte(arena, COMMA);
      at = skipSpace(bytes, at + 1);
    }
    const end = endOfValue(bytes, at);
    if (!writeItem(arena, at, end, list, level)) return false;
    at = skipSpace(bytes, end);
  }
  writeByte(arena, CLOSE_BRACKET);
  return true;
}

function writeItem(arena: Arena, start: number, end: number, list: LeafList, level: number): boolean {
  if (arena.bytes[start] === SMALL_N) {
    if (list.nullable[level - 1] !== true) return false;
  } else if (level < list.levels) {
    return writeLeafList(arena, start, list, level + 1);
  } else if (!list.check(arena.bytes, start, end)) {
    return list.other?.(arena, start, end) ?? false;
  }
  writeText(arena, start, end);
  return true;
}

/** An ID that a subgraph sent as an integer becomes a string of its digits. False: it is none. */
export function writeIdNumber(arena: Arena, start: number, end: number): boolean {
  const { bytes } = arena;
  if (start < 0 || !startsNumber(bytes[start] as number)) return false;
  for (let at = start + 1; at < end; at += 1) if (!isDigit(bytes[at] as number)) return false;
  writeByte(arena, QUOTE);
  writeText(arena, start, end);
  writeByte(arena, QUOTE);
  return true;
}

/** An object or list as a scalar: written anew, so that it is compact and has no key twice. False: it is none. */
export function writeNested(arena: Arena, start: number, end: number): boolean {
  const byte = start < 0 ? 0 : arena.bytes[start];
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return false;
  writeAnew(arena, start, end);
  return true;
}

function writeAnew(arena: Arena, start: number, end: number): void {
  const value = parseExactJson(arena.bytes.toString('utf8', start, end));
  writeLiteral(arena, Buffer.from(JSON.stringify(value)));
}

/** Whether two values have different texts; null is none that differs from another. */
export function isOtherValue(bytes: Buffer, start: number, end: number, other: number, otherEnd: number): boolean {
  if (bytes[start] === SMALL_N || bytes[other] === SMALL_N) return false;
  return bytes.compare(bytes, other, otherEnd, start, end) !== 0;
}

/** A leaf of a representation, spelt as JSON.stringify does, so that equal values are equal texts. */
export function writeKey(arena: Arena, start: number, end: number): void {
  const { bytes } = arena;
  const first = bytes[start];
  let plain = first !== OPEN_BRACE && first !== OPEN_BRACKET;
  for (let at = start; plain && at < end; at += 1) plain = bytes[at] !== BACKSLASH;
  if (plain) writeText(arena, start, end);
  else writeAnew(arena, start, end);
}
