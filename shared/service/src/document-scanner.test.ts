import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Lexer, Source, TokenKind } from 'graphql';
import { createDocumentScanner, TOKEN } from './document-scanner.ts';

/** Tokens as graphql-js reads them, comments left out, up to the end or to what it does not take. */
function lexed(text: string): { tokens: number; isComplete: boolean } {
  const lexer = new Lexer(new Source(text));
  for (let tokens = 0; ; tokens++) {
    try {
      if (lexer.advance().kind === TokenKind.EOF) return { tokens, isComplete: true };
    } catch {
      return { tokens, isComplete: false };
    }
  }
}

function scanned(text: string): { tokens: number; isComplete: boolean } {
  const scanner = createDocumentScanner(text);
  for (let tokens = 0; ; tokens++) {
    const kind = scanner.next();
    if (kind === TOKEN.end || kind === TOKEN.malformed) return { tokens, isComplete: kind === TOKEN.end };
  }
}

/** The same count where graphql-js takes the text; where it does not, never fewer than it had read till then. */
function agrees(text: string): void {
  const theirs = lexed(text);
  const ours = scanned(text);
  if (theirs.isComplete) expect([text, ours]).toEqual([text, theirs]);
  else expect([text, ours.tokens >= theirs.tokens]).toEqual([text, true]);
}

const PIECES = [
  ...['query', 'on', 'a', '_b9', 'fragment', 'true', '\u00e9', '0', '-1', '1.5e-3', '1e5', '007', '1.', '9a', '-'],
  ...['{', '}', '(', ')', '[', ']', ':', '!', '=', '|', '&', '@', '$', '...', '..', '.'],
  ...['"', '""', '"""', '\\"""', '"a"', '"\\""', '"\\u00e9"', '"""\n a " \\""" b\n"""', '\\', "'"],
  ...['#', '# a { " ', '\n', '\r\n', '\r', ' ', ',', '\t', '\ufeff', '\u2028', '\ud83d\ude00', '\ud83d', '\u0000', '?'],
];

test('tokens are counted as graphql-js counts them, over strings, block strings, comments, numbers and byte order marks', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(text, agrees), { numRuns: 3_000 });
});

test('any text at all is scanned to an end', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), agrees), { numRuns: 1_000 });
});

test('what looks like the end of a string is not always one', () => {
  for (const text of [
    '"""\\""""""',
    '"""a""""',
    '""""""',
    '"\\\\"',
    '"\\"',
    '"""\\\\"""',
    '"a\nb"',
    '"""',
    '"',
    '#"\n"a"',
    '"#"',
  ])
    agrees(text);
});
