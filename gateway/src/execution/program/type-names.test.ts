import { expect, test } from '@jest/globals';
import { Arena } from './arena.ts';
import { MISSING } from './tape.ts';
import { NO_TYPE_GIVEN, type TypeNames, typeOf, UNKNOWN_TYPE } from './type-names.ts';

const texts = (...names: string[]) => names.map((name) => Buffer.from(JSON.stringify(name)));
/** `[next, cell, own name, end, link]`, and the linked record `[next, cell, name, end]`. */
const types: TypeNames = {
  links: [-1, 4],
  offsets: [2, 2],
  names: texts('Book', 'Film', 'Media'),
  concrete: 2,
  vague: texts('Media', 'Node'),
};

/** Undefined: the subgraph gives no name. */
function typeFrom(own: string | undefined, linked: string | undefined): number {
  const arena = new Arena({ bytes: 64, tape: 16, output: 16 });
  const put = (slot: number, name: string | undefined): void => {
    const text = Buffer.from(JSON.stringify(name ?? ''));
    const start = arena.addText(text, 0, text.length);
    arena.tape[slot] = name === undefined ? MISSING : start;
    arena.tape[slot + 1] = start + text.length;
  };
  put(2, own);
  put(12, linked);
  arena.tape[4] = 10;
  const type = typeOf(arena, 0, types);
  arena.release();
  return type;
}

test.each([
  ['Book', undefined, 0],
  [undefined, 'Film', 1],
  ['Book', 'Book', 0],
  ['Media', undefined, 2],
  ['Media', 'Film', 1],
  ['Film', 'Media', 1],
  ['Film', 'Node', 1],
  ['Node', 'Film', 1],
  ['Node', undefined, UNKNOWN_TYPE],
  ['Book', 'Film', UNKNOWN_TYPE],
  ['Book', 'Shoe', UNKNOWN_TYPE],
  ['Shoe', 'Book', UNKNOWN_TYPE],
  [undefined, undefined, NO_TYPE_GIVEN],
])('an object that is %s and %s', (own, linked, type) => {
  expect(typeFrom(own, linked)).toBe(type);
});
