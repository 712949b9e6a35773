import type { Arena } from './arena.ts';

/** Below this, a loop is faster than a call of the runtime's copy. */
const SHORT = 48;

export function writeLiteral(arena: Arena, literal: Buffer): void {
  const length = literal.length;
  arena.reserve(length);
  const output = arena.output;
  const start = arena.outputLength;
  for (let index = 0; index < length; index += 1) output[start + index] = literal[index] as number;
  arena.outputLength = start + length;
}

export function writeByte(arena: Arena, byte: number): void {
  arena.reserve(1);
  arena.output[arena.outputLength] = byte;
  arena.outputLength += 1;
}

/** Copies text of an answer. */
export function writeText(arena: Arena, start: number, end: number): void {
  const length = end - start;
  arena.reserve(length);
  const { bytes, output } = arena;
  const target = arena.outputLength;
  if (length < SHORT) {
    for (let index = 0; index < length; index += 1) output[target + index] = bytes[start + index] as number;
  } else {
    bytes.copy(output, target, start, end);
  }
  arena.outputLength = target + length;
}

/** Copies output that was written before. */
export function writeAgain(arena: Arena, start: number, end: number): void {
  const length = end - start;
  arena.reserve(length);
  arena.output.copyWithin(arena.outputLength, start, end);
  arena.outputLength += length;
}
