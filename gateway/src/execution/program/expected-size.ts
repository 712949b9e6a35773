import type { Arena, ArenaSize } from './arena.ts';

/** How large the arenas of an operation become, so that few of them have to grow. */
export interface ExpectedSize {
  readonly expected: ArenaSize;
  /** After a run. */
  note(arena: Arena): void;
}

const AT_FIRST = 2 ** 12;
/** A run in which an arena was smaller takes this part of the difference off: one large answer is forgotten in time. */
const FORGETTING = 1 / 64;

export function createExpectedSize(): ExpectedSize {
  let expected: ArenaSize = { bytes: AT_FIRST, tape: AT_FIRST, output: AT_FIRST };
  return {
    get expected() {
      return expected;
    },
    note({ bytesLength, tapeLength, outputLength }) {
      const { bytes, tape, output } = expected;
      const fits = bytesLength === bytes && tapeLength === tape && outputLength === output;
      if (fits) return;
      expected = {
        bytes: next(bytes, bytesLength),
        tape: next(tape, tapeLength),
        output: next(output, outputLength),
      };
    },
  };
}

function next(expected: number, seen: number): number {
  return seen >= expected ? seen : Math.ceil(expected - (expected - seen) * FORGETTING);
}
