import { isUtf8 } from 'node:buffer';
import type { ByteReply } from '../../subgraph-call.ts';
import type { Arena } from './arena.ts';
import type { EntityBatch } from './entity-batch.ts';
import { indexWhole } from './index-record.ts';
import { LEAVE } from './leave.ts';
import { linkEntities } from './link.ts';
import type { ByteGroup, ByteStep } from './program.ts';
import { CLOSE_BRACKET, OPEN_BRACKET, SMALL_N, skipSpace } from './scan.ts';
import { isRecordValue } from './tape.ts';

/**
 * Indexes an answer, whose text begins at `start` of the arena, and links what it brings.
 *
 * @throws LEAVE, NotJson, ArenaFull when it is anything but an answer without errors that fits what was asked.
 */
export function takeReply(
  arena: Arena,
  step: ByteStep,
  {
    reply,
    start,
    batches,
  }: { readonly reply: ByteReply; readonly start: number; readonly batches: readonly EntityBatch[] },
): void {
  const end = start + reply.end - reply.start;
  if (reply.status < 200 || reply.status > 299) throw LEAVE;
  if (!isUtf8(arena.bytes.subarray(start, end))) throw LEAVE;
  const answer = indexWhole(arena, start, end, step.index);
  if (!hasNoErrors(arena, arena.tape[answer + step.errors] as number)) throw LEAVE;
  const data = arena.tape[answer + step.data] as number;
  if (!isRecordValue(data)) throw LEAVE;
  if (step.rootLink !== -1) arena.tape[arena.root + step.rootLink] = data;
  for (let index = 0; index < batches.length; index += 1) {
    linkEntities(arena, data, (step.groups[index] as ByteGroup).link, batches[index] as EntityBatch);
  }
}

/** `errors` is not there, null, or empty. */
function hasNoErrors({ bytes }: Arena, start: number): boolean {
  if (start < 0 || bytes[start] === SMALL_N) return true;
  return bytes[start] === OPEN_BRACKET && bytes[skipSpace(bytes, start + 1)] === CLOSE_BRACKET;
}
