/** What a token is: the code of its first character for punctuation, or one of these. */
export const TOKEN = { end: 0, name: 1, string: 2, number: 3, spread: 4, malformed: 5 } as const;

export interface DocumentScanner {
  /** Moves to the next token and gives its kind. After `end` or `malformed` it stays there. */
  next(): number;
  /** Where the token begins and ends in the text. */
  readonly start: number;
  readonly end: number;
}

const [TAB, LF, CR, SPACE, COMMA, BOM] = [0x09, 0x0a, 0x0d, 0x20, 0x2c, 0xfeff];
const [QUOTE, HASH, DOT, BACKSLASH, MINUS, PLUS] = [0x22, 0x23, 0x2e, 0x5c, 0x2d, 0x2b];
const PUNCTUATION = new Set([...'!$&():=@[]{|}'].map((character) => character.charCodeAt(0)));

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
    if (isNameStart(code)) {
      end = start + 1;
      while (isNameStart(text.charCodeAt(end)) || isDigit(text.charCodeAt(end))) end++;
      return TOKEN.name;
    }
    if (PUNCTUATION.has(code)) {
      end = start + 1;
      return code;
    }
    if (code === QUOTE) {
      const after = text.startsWith('"""', start) ? afterBlockString(text, start + 3) : afterString(text, start + 1);
      if (after === -1) return malformed(start);
      end = after;
      return TOKEN.string;
    }
    if (isDigit(code) || code === MINUS) {
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

function skipIgnored(text: string, from: number): number {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code === HASH) {
      while (at + 1 < text.length && text.charCodeAt(at + 1) !== LF && text.charCodeAt(at + 1) !== CR) at++;
    } else if (code !== SPACE && code !== LF && code !== CR && code !== COMMA && code !== TAB && code !== BOM)
      return at;
  }
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
  for (; ; at++) {
    const code = text.charCodeAt(at);
    const isExponentSign = (code === PLUS || code === MINUS) && (text.charCodeAt(at - 1) | 0x20) === 0x65;
    if (!isDigit(code) && code !== DOT && (code | 0x20) !== 0x65 && !isExponentSign) return at;
  }
}

function isNameStart(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
