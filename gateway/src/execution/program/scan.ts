/**
 * The grammar of JSON over bytes (RFC 8259), as strict as JSON.parse. Every function gets the position of a token's first
 * byte and gives the one behind it.
 *
 * The byte behind the text must be 0: it ends every loop, because no token may hold it.
 */
export const QUOTE = 34;
export const COMMA = 44;
const MINUS = 45;
const DOT = 46;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
const BIG_E = 69;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
const SMALL_E = 101;
const SMALL_F = 102;
export const SMALL_N = 110;
const SMALL_T = 116;
const SMALL_U = 117;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

/** Thrown for text that is not JSON; whoever knows the subgraph makes a GraphError of it. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

export function notJson(at: number): NotJson {
  return new NotJson(`not JSON at byte ${at}`);
}

export function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at] as number;
    if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) return at;
    at += 1;
  }
}

export function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (;;) {
    const byte = bytes[at] as number;
    if (byte > BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
    else if (byte === BACKSLASH) at = endOfEscape(bytes, at);
    else if (byte < 32) throw notJson(at);
    else at += 1;
  }
}

function endOfEscape(bytes: Buffer, start: number): number {
  const byte = bytes[start + 1];
  if (byte === SMALL_U) {
    for (let at = start + 2; at < start + 6; at += 1) if (!isHexDigit(bytes[at] as number)) throw notJson(at);
    return start + 6;
  }
  // " / \ b f n r t
  const known =
    byte === QUOTE || byte === 47 || byte === BACKSLASH || byte === 98 || byte === SMALL_F || byte === SMALL_N;
  if (known || byte === 114 || byte === SMALL_T) return start + 2;
  throw notJson(start);
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= SMALL_F);
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

export function startsNumber(byte: number): boolean {
  return byte === MINUS || isDigit(byte);
}

export function endOfNumber(bytes: Buffer, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  if (bytes[at] === ZERO) at += 1;
  else at = endOfDigits(bytes, at);
  if (bytes[at] === DOT) at = endOfDigits(bytes, at + 1);
  if (bytes[at] === SMALL_E || bytes[at] === BIG_E) {
    const sign = bytes[at + 1];
    at = endOfDigits(bytes, sign === MINUS || sign === 43 ? at + 2 : at + 1);
  }
  return at;
}

function endOfDigits(bytes: Buffer, start: number): number {
  let at = start;
  while (isDigit(bytes[at] as number)) at += 1;
  if (at === start) throw notJson(at);
  return at;
}

/** `true`, `false` and `null`, by their first byte. */
function endOfWord(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === SMALL_T && bytes[at + 1] === 114 && bytes[at + 2] === SMALL_U && bytes[at + 3] === SMALL_E)
    return at + 4;
  if (byte === SMALL_N && bytes[at + 1] === SMALL_U && bytes[at + 2] === 108 && bytes[at + 3] === 108) return at + 4;
  const isFalse =
    byte === SMALL_F &&
    bytes[at + 1] === 97 &&
    bytes[at + 2] === 108 &&
    bytes[at + 3] === 115 &&
    bytes[at + 4] === SMALL_E;
  if (isFalse) return at + 5;
  throw notJson(at);
}

/** Any value. Nesting is held in a list and not on the stack: no depth of an answer makes this fail. */
export function endOfValue(bytes: Buffer, start: number): number {
  const byte = bytes[start] as number;
  if (byte === QUOTE) return endOfString(bytes, start);
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return endOfNested(bytes, start);
  if (startsNumber(byte)) return endOfNumber(bytes, start);
  return endOfWord(bytes, start);
}

function endOfNested(bytes: Buffer, start: number): number {
  const open: number[] = [];
  let at = start;
  for (;;) {
    // a value starts here
    const byte = bytes[at] as number;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const close = byte + 2; // of both kinds
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== close) {
        open.push(close);
        if (close === CLOSE_BRACE) at = endOfKey(bytes, at);
        continue;
      }
      at += 1;
    } else {
      at = endOfValue(bytes, at);
    }
    // a value has ended: closes, or a comma before the next
    for (;;) {
      const close = open.at(-1);
      if (close === undefined) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] === close) {
        open.pop();
        at += 1;
        continue;
      }
      if (bytes[at] !== COMMA) throw notJson(at);
      at = skipSpace(bytes, at + 1);
      if (close === CLOSE_BRACE) at = endOfKey(bytes, at);
      break;
    }
  }
}

/** A key with its colon: gives the position of the value. */
function endOfKey(bytes: Buffer, start: number): number {
  if (bytes[start] !== QUOTE) throw notJson(start);
  const at = skipSpace(bytes, endOfString(bytes, start));
  if (bytes[at] !== COLON) throw notJson(at);
  return skipSpace(bytes, at + 1);
}
