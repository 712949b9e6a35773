/** What a token is: the code of its first character for punctuation, or one of these. */
export const TOKEN = { end: 0, name: 1, string: 2, number: 3, spread: 4, malformed: 5 } as const;

export interface DocumentScanner {
  /** Moves to the next token and gives its kind. After `end` or `malformed` it stays there. */
  next(): number;
  /** Where the token begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const HASH = 0x23;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** What a character can be, as bits of one table: looked up once for each character of a document. */
const NAME_START = 1;
const DIGIT = 2;
const NAME = NAME_START | DIGIT;
const IGNORED = 4;
const PUNCTUATION = 8;
const CLASSES = new Uint8Array(0x10000);
for (const [kind, characters] of [
  [NAME_START, '_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
  [DIGIT, '0123456789'],
  [IGNORED, ' \t\n\r,\ufeff'],
  [PUNCTUATION, '!$&():=@[]{|}'],
] as const) {
  for (const character of characters) CLASSES[character.charCodeAt(0)] = kind;
}

/** 0 for what begins no token by itself. `at` must be inside of the text: past its end the loops below would lose their speed. */
function classAt(text: string, at: number): number {
  return CLASSES[text.charCodeAt(at)] as number;
}

/**
 * The tokens of a GraphQL document (October 2021, 2.1) without values, in one pass and without recursion. It is more lenient than
 * a lexer inside strings and numbers, so it never sees fewer tokens than the parser will, and as many when the document is right.
 */
export function createDocumentScanner(text: string): DocumentScanner {
  let start = 0;
  let end = 0;
  const malformed = (at: number): number => {
    end = at;
    return TOKEN.malformed;
  };
  const next = (): number => {
    start = skipIgnored(text, end);
    if (start >= text.length) {
      end = start;
      return TOKEN.end;
    }
    const code = text.charCodeAt(start);
    const kind = classAt(text, start);
    if (kind === NAME_START) {
      end = afterName(text, start + 1);
      return TOKEN.name;
    }
    if (kind === PUNCTUATION) {
      end = start + 1;
      return code;
    }
    if (code === QUOTE) {
      const after = text.startsWith('"""', start) ? afterBlockString(text, start + 3) : afterString(text, start + 1);
      if (after === -1) return malformed(start);
      end = after;
      return TOKEN.string;
    }
    if (kind === DIGIT || code === MINUS) {
      end = afterNumber(text, start);
      return TOKEN.number;
    }
    if (text.startsWith('...', start)) {
      end = start + 3;
      return TOKEN.spread;
    }
    return malformed(start);
  };
  return {
    next,
    get start() {
      return start;
    },
    get end() {
      return end;
    },
  };
}

function afterName(text: string, from: number): number {
  let at = from;
  while (at < text.length && (classAt(text, at) & NAME) !== 0) at++;
  return at;
}

function skipIgnored(text: string, from: number): number {
  const { length } = text;
  let at = from;
  while (at < length) {
    if (classAt(text, at) === IGNORED) at++;
    else if (text.charCodeAt(at) === HASH) at = endOfLine(text, at);
    else break;
  }
  return at;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== LF && text.charCodeAt(at) !== CR) at++;
  return at;
}

/** The place after the closing quote; -1 when the line or the text ends first. */
function afterString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === LF || code === CR) return -1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

function afterBlockString(text: string, from: number): number {
  for (let at = text.indexOf('"""', from); at !== -1; at = text.indexOf('"""', at + 3)) {
    // `\"""` is an escaped one.
    if (text.charCodeAt(at - 1) !== BACKSLASH) return at + 3;
  }
  return -1;
}

function afterNumber(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isExponentSign = (code === PLUS || code === MINUS) && (text.charCodeAt(at - 1) | 0x20) === 0x65;
    if (classAt(text, at) !== DIGIT && code !== DOT && (code | 0x20) !== 0x65 && !isExponentSign) break;
  }
  return at;
}
