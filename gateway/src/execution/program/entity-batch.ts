import type { Arena } from './arena.ts';
import { Deduplicator } from './deduplicate.ts';
import { COMMA } from './scan.ts';
import { ASKED, MISSING, NULL } from './tape.ts';
import { writeByte } from './write-output.ts';

/** What a representing function gives instead of the index of the type it asked for. */
export const OTHER_TYPE = -1;
/** Something that is needed is in an entity that does not exist; so is what this step would have brought. */
export const NEEDS_ABSENT = -2;
/** Something that is needed is not there, or null where it may not be. */
export const NEEDS_MISSING = -3;

/**
 * Writes what a representation is made of, without its keys: equal representations have equal ones. Gives the index of the
 * type that is asked for, or one of the words above.
 */
export type Identify = (arena: Arena, record: number) => number;
/** Writes the representation of an object that could be identified. */
export type Represent = (arena: Arena, record: number) => void;

/** Objects of one group of a step. Positions are those of the tape. */
export interface EntityBatch {
  /** Pairs: the link to set, and the index of the representation. */
  pairs: number;
  pairsEnd: number;
  /** For each representation, the index of the type that was asked for. */
  asked: number;
  count: number;
}

// a body is built at one go, so all operations share these
const known = new Deduplicator();
let asked = new Int32Array(256);

export function beginBatch(arena: Arena): EntityBatch {
  known.clear();
  return { pairs: arena.tapeLength, pairsEnd: arena.tapeLength, asked: 0, count: 0 };
}

/**
 * One object: its representation is written unless an equal one was. A record that stands at several places, because it is
 * itself part of an entity, is taken once. The tape can move.
 */
export function takeObject(arena: Arena, record: number, link: number, identify: Identify, represent: Represent): void {
  if (arena.tape[record + link] !== MISSING) return;
  const start = arena.outputLength;
  const type = identify(arena, record);
  const end = arena.outputLength;
  arena.outputLength = start;
  if (type < 0) {
    if (type === NEEDS_ABSENT) arena.tape[record + link] = NULL;
    return;
  }
  let index = known.findOrAdd(arena.output, start, end);
  if (index === -1) {
    index = known.count - 1;
    if (index === asked.length) asked = grown(asked);
    asked[index] = type;
    if (index > 0) writeByte(arena, COMMA);
    represent(arena, record);
  }
  const pair = arena.allocate(2);
  arena.tape[record + link] = ASKED;
  arena.tape[pair] = record + link;
  arena.tape[pair + 1] = index;
}

function grown(list: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(list.length * 2);
  larger.set(list);
  return larger;
}

export function endBatch(arena: Arena, batch: EntityBatch): EntityBatch {
  batch.pairsEnd = arena.tapeLength;
  batch.count = known.count;
  batch.asked = arena.allocate(batch.count);
  for (let index = 0; index < batch.count; index += 1) arena.tape[batch.asked + index] = asked[index] as number;
  return batch;
}
