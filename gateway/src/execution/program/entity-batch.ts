import type { Arena } from './arena.ts';
import { Deduplicator, ESCAPED } from './deduplicate.ts';
import { COMMA } from './scan.ts';
import { ASKED, MISSING, NULL } from './tape.ts';
import { writeByte } from './write-output.ts';
import { writeKey } from './write-values.ts';

/** What a representing function gives instead of the index of the type it asked for. */
export const OTHER_TYPE = -1;
/** Something that is needed is in an entity that does not exist; so is what this step would have brought. */
export const NEEDS_ABSENT = -2;
/** Something that is needed is not there, or null where it may not be. */
export const NEEDS_MISSING = -3;

/**
 * Tells what a representation is made of, without its keys: equal representations of a type have equal ones. Either
 * written, or, for a single value, where its text is (`keyStart`). Gives the index of the type that is asked for, or one
 * of the words above.
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
 * itself part of an entity, is taken once. `memo`: where the index is remembered that all objects like this one have, or
 * negative. The tape can move.
 */
export function takeObject(
  arena: Arena,
  record: number,
  link: number,
  identify: Identify,
  represent: Represent,
  memo: number,
): void {
  if (arena.tape[record + link] !== MISSING) return;
  const seen = memo < 0 ? MISSING : (arena.tape[memo] as number);
  if (seen !== MISSING) {
    addPair(arena, record + link, seen);
    return;
  }
  const start = arena.outputLength;
  arena.keyStart = -1;
  const type = identify(arena, record);
  if (type < 0) {
    arena.outputLength = start;
    if (type === NEEDS_ABSENT) arena.tape[record + link] = NULL;
    return;
  }
  let index = arena.keyStart < 0 ? ESCAPED : known.findOrAddPlain(arena.bytes, arena.keyStart, arena.keyEnd, type);
  if (index === ESCAPED) {
    if (arena.keyStart >= 0) writeKey(arena, arena.keyStart, arena.keyEnd);
    const end = arena.outputLength;
    arena.outputLength = start;
    index = known.findOrAdd(arena.output, start, end, type);
  }
  if (index === -1) {
    index = known.count - 1;
    if (index === asked.length) asked = grown(asked);
    asked[index] = type;
    if (index > 0) writeByte(arena, COMMA);
    represent(arena, record);
  }
  if (memo >= 0) arena.tape[memo] = index;
  addPair(arena, record + link, index);
}

function addPair(arena: Arena, link: number, index: number): void {
  const pair = arena.allocate(2);
  arena.tape[link] = ASKED;
  arena.tape[pair] = link;
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
