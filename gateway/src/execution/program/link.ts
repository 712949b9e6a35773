import type { Arena } from './arena.ts';
import type { EntityBatch } from './entity-batch.ts';
import { isText } from './index-record.ts';
import { LEAVE } from './leave.ts';
import { CELL, END_OF_LIST, firstItem, isListValue, isRecordValue, itemValue, NEXT, NULL } from './tape.ts';

/** How the entities of a group are told. */
export interface GroupLink {
  /** Of the entities in the step's data. */
  readonly offset: number;
  /** Of `__typename` in an entity; -1: it is not asked for. */
  readonly typename: number;
  /** For each type that can be asked for, the names that an entity may have. */
  readonly usable: readonly (readonly Buffer[])[];
}

// linking is done at one go, so all operations share it
let entities = new Int32Array(256);

/** Puts the entities of an answer into the objects that they complete. Leaves when they do not fit the representations. */
export function linkEntities(arena: Arena, data: number, group: GroupLink, batch: EntityBatch): void {
  if (batch.count === 0) return;
  const { tape } = arena;
  const list = tape[data + group.offset] as number;
  if (!isListValue(list) || readEntities(tape, list) !== batch.count) throw LEAVE;
  for (let index = 0; index < batch.count; index += 1) {
    checkEntity(arena, entities[index] as number, group, tape[batch.asked + index] as number);
  }
  for (let pair = batch.pairs; pair < batch.pairsEnd; pair += 2) {
    tape[tape[pair] as number] = entities[tape[pair + 1] as number] as number;
  }
}

function readEntities(tape: Int32Array, list: number): number {
  let count = 0;
  for (let item = firstItem(list); item !== END_OF_LIST; item = tape[item + NEXT] as number) {
    if (count === entities.length) {
      const larger = new Int32Array(count * 2);
      larger.set(entities);
      entities = larger;
    }
    entities[count] = tape[item + CELL] === 0 ? item : itemValue(tape, item);
    count += 1;
  }
  return count;
}

function checkEntity({ tape, bytes }: Arena, entity: number, group: GroupLink, asked: number): void {
  if (entity === NULL) return;
  if (!isRecordValue(entity)) throw LEAVE;
  if (group.typename === -1) return;
  const start = tape[entity + group.typename] as number;
  if (start < 0) return;
  const end = tape[entity + group.typename + 1] as number;
  const names = group.usable[asked] as readonly Buffer[];
  for (let index = 0; index < names.length; index += 1) {
    if (isText(bytes, start, end, names[index] as Buffer)) return;
  }
  throw LEAVE;
}
