import { GraphError } from '@weft/errors';

/** Ids count milliseconds from here (2026-01-01T00:00:00Z). 41 bits last until 2095. */
export const EPOCH_MS = 1_767_225_600_000;

/** How many buckets the keys of every table fall into. Rows move between shards a bucket at a time; the number is for ever. */
export const BUCKETS = 1_024;

/** How many ids one process can make for one millisecond. */
export const SEQUENCES = 4_096;

const MAX_MS = 2 ** 41;
const MAX_ID = '9223372036854775807';
const LOW_22_BITS = 0x3f_ff_ff;
const DIGIT_0 = 48;

/** What an id says: when its row was made, where it lives, and which one of that millisecond it is. */
export interface IdParts {
  /** Milliseconds since {@link EPOCH_MS}. */
  readonly ms: number;
  readonly bucket: number;
  readonly sequence: number;
}

/** The id of 41 bits of milliseconds, 10 bits of bucket and 12 bits of sequence, as decimal text. RangeError when a part does not fit. */
export function composeId({ ms, bucket, sequence }: IdParts): string {
  refuseUnlessBelow('ms', ms, MAX_MS);
  refuseUnlessBelow('bucket', bucket, BUCKETS);
  refuseUnlessBelow('sequence', sequence, SEQUENCES);
  return ((BigInt(ms) << 22n) | BigInt(bucket * SEQUENCES + sequence)).toString();
}

/** The parts of an id. BAD_USER_INPUT on anything but the canonical decimal text of 1 to 2^63 - 1. */
export function parseId(text: string): IdParts {
  const low = lowBitsOf(text);
  return { ms: Number(BigInt(text) >> 22n), bucket: low >> 12, sequence: low & (SEQUENCES - 1) };
}

/** The bucket that an id lives in. Without BigInt, since every key of every batch passes here. BAD_USER_INPUT like {@link parseId}. */
export function bucketOfId(text: string): number {
  return lowBitsOf(text) >> 12;
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && lowBits(value) >= 0;
}

function lowBitsOf(text: string): number {
  const low = typeof text === 'string' ? lowBits(text) : -1;
  if (low < 0) throw new GraphError('BAD_USER_INPUT', 'This is not an id.', { log: { id: String(text).slice(0, 64) } });
  return low;
}

/** The lowest 22 bits of a canonical decimal text of 1 to 2^63 - 1; -1 for anything else. */
function lowBits(text: string): number {
  const length = text.length;
  if (length === 0 || length > MAX_ID.length || text.charCodeAt(0) === DIGIT_0) return -1;
  let low = 0;
  for (let index = 0; index < length; index += 1) {
    const digit = text.charCodeAt(index) - DIGIT_0;
    if (digit < 0 || digit > 9) return -1;
    // 2^22 divides 2^32, so cutting the higher bits off at each digit keeps the lower ones exact.
    low = (low * 10 + digit) & LOW_22_BITS;
  }
  return length === MAX_ID.length && text > MAX_ID ? -1 : low;
}

function refuseUnlessBelow(part: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new RangeError(`the ${part} of an id is an integer from 0 to ${limit - 1}, not ${value}`);
  }
}
