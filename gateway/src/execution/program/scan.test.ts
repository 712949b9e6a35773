import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOfValue, NotJson, skipSpace } from './scan.ts';

/** The scanner's word on a whole text, with other bytes behind the end mark. */
function isJson(text: string): boolean {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0]), Buffer.from('"}],"')]);
  const end = Buffer.byteLength(text);
  try {
    const at = skipSpace(bytes, endOfValue(bytes, skipSpace(bytes, 0)));
    if (at > end) throw new RangeError(`read ${at - end} bytes behind the end of ${text}`);
    return at === end;
  } catch (error) {
    if (error instanceof NotJson) return false;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const token = fc.constantFrom(
  ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"\\u00e9"', '"\\u00g9"', '"\\x"', '"\\', ' ', '\n', '\u0000', '\t'],
  ...['0', '-', '-0', '1', '01', '1.', '.5', '1.5', '1e', '1e5', '1E+5', '1e-', 'true', 'false', 'null', 'nul', 'é'],
);

test('the scanner takes exactly what JSON.parse takes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
        fc.json(),
        fc
          .tuple(fc.json(), fc.nat(), token)
          .map(
            ([json, at, cut]) => `${json.slice(0, at % (json.length + 1))}${cut}${json.slice(at % (json.length + 1))}`,
          ),
        fc.json().map((json) => JSON.stringify(JSON.parse(json), undefined, 2)),
      ),
      (text) => {
        expect(isJson(text)).toBe(parses(text));
      },
    ),
    { numRuns: 5_000 },
  );
});

test('no depth of nesting makes the scanner fail', () => {
  const depth = 300_000;
  expect(isJson('['.repeat(depth) + ']'.repeat(depth))).toBe(true);
  expect(isJson('{"a":'.repeat(depth))).toBe(false);
});
