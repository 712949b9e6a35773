/** The text of a generated program while it is built: functions in the order they are finished, and the constants they use. */
export interface SourceText {
  /** A name that nothing else has: `index4`. */
  name(prefix: string): string;
  /** Name of a constant that holds these bytes. */
  literal(text: string): string;
  /** Name of a constant that holds any value the code cannot spell. */
  constant(prefix: string, value: unknown): string;
  /** A constant under a name that was given before. */
  define(name: string, value: unknown): void;
  add(code: string): void;
  readonly constants: ReadonlyMap<string, unknown>;
  /** Everything added, without the constants. */
  text(): string;
}

export function createSourceText(): SourceText {
  const functions: string[] = [];
  const constants = new Map<string, unknown>();
  const literals = new Map<string, string>();
  const counts = new Map<string, number>();
  const name = (prefix: string): string => {
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    return `${prefix}${count}`;
  };
  const constant = (prefix: string, value: unknown): string => {
    const found = name(prefix);
    constants.set(found, value);
    return found;
  };
  return {
    name,
    constant,
    constants,
    literal(text) {
      let found = literals.get(text);
      if (found === undefined) {
        found = constant('text', Buffer.from(text));
        literals.set(text, found);
      }
      return found;
    },
    define(found, value) {
      constants.set(found, value);
    },
    add(code) {
      functions.push(code);
    },
    text: () => functions.join('\n'),
  };
}
