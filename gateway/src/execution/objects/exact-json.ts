/** A number as it was written. JSON.stringify writes it so again. */
export interface RawJson {
  readonly rawJSON: string;
}

declare global {
  // in Node since version 22, not yet in the types of es2024
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** Texts in which no number can be of those that a JavaScript number writes differently; strings may look so too. */
const MAY_LOSE_DIGITS = /[\d.]{16}|\d[eE]|\.\d*0(?!\d)|\.0{6}|-0/;

/**
 * JSON.parse, but a number that would come back with other digits (`9007199254740993`, `1.10`) is kept as RawJson.
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  if (!MAY_LOSE_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value,
  );
}
