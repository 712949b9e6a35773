import { parseExactJson } from '../objects/exact-json.ts';
import type { Arena } from './arena.ts';
import type { LeafText } from './leaf-text.ts';
import { BACKSLASH, CLOSE_BRACKET, COMMA, endOfValue, OPEN_BRACE, OPEN_BRACKET, SMALL_N, skipSpace } from './scan.ts';
import { NULL } from './tape.ts';
import { writeByte, writeLiteral, writeText } from './write-output.ts';

const NULL_TEXT = Buffer.from('null');
const OPEN = OPEN_BRACE;

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
  if (arena.outputLength === start) writeByte(arena, OPEN);
  else arena.output[start] = OPEN;
}

export interface LeafList {
  /** Of lists; 1: the items are leaves. */
  readonly levels: number;
  /** For each level, whether its items may be null. */
  readonly nullable: readonly boolean[];
  readonly check: LeafText;
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
    return false;
  }
  writeText(arena, start, end);
  return true;
}

/** A leaf of a representation, spelt as JSON.stringify does, so that equal values are equal texts. */
export function writeKey(arena: Arena, start: number, end: number): void {
  const { bytes } = arena;
  const first = bytes[start];
  let plain = first !== OPEN_BRACE && first !== OPEN_BRACKET;
  for (let at = start; plain && at < end; at += 1) plain = bytes[at] !== BACKSLASH;
  if (plain) writeText(arena, start, end);
  else writeLiteral(arena, Buffer.from(JSON.stringify(parseExactJson(bytes.toString('utf8', start, end)))));
}
