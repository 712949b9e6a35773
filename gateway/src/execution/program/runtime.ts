import type { Arena } from './arena.ts';
import { beginBatch, type EntityBatch, endBatch, takeObject } from './entity-batch.ts';
import { type IndexRecord, indexRest, indexValue } from './index-record.ts';
import { LEAVE } from './leave.ts';
import { endOfValue } from './scan.ts';
import type { SourceText } from './source-text.ts';
import { firstItem, itemValue, LIST } from './tape.ts';
import { typeOf } from './type-names.ts';
import { writeAgain, writeByte, writeLiteral, writeText } from './write-output.ts';
import {
  isOtherValue,
  openObject,
  writeIdNumber,
  writeKey,
  writeLeafList,
  writeNested,
  writeNull,
  writeNullValue,
} from './write-values.ts';

/** Everything that generated code calls, under the names it uses. */
const RUNTIME = {
  beginBatch,
  endBatch,
  endOfValue,
  firstItem,
  indexRest,
  indexValue,
  isOtherValue,
  itemValue,
  LEAVE,
  LIST,
  openObject,
  takeObject,
  typeOf,
  writeAgain,
  writeByte,
  writeIdNumber,
  writeKey,
  writeLeafList,
  writeLiteral,
  writeNested,
  writeNull,
  writeNullValue,
  writeText,
};

export interface EntryNames {
  readonly write: string;
  /** For each step and group. */
  readonly collect: readonly (readonly string[])[];
  readonly indexers: readonly string[];
}

export interface EntryFunctions {
  readonly write: (arena: Arena, root: number) => boolean;
  readonly collect: readonly (readonly ((arena: Arena) => EntityBatch)[])[];
  readonly indexers: readonly IndexRecord[];
}

/** False under `--disallow-code-generation-from-strings`; operations then run over objects. */
export function canGenerateCode(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}

/** Makes functions of generated code. It holds no text of a client or a subgraph but as constants and JSON literals. */
export function compileSource(source: SourceText, names: EntryNames): EntryFunctions {
  const list = (all: readonly string[]) => `[${all.join(', ')}]`;
  const given = { ...RUNTIME, ...Object.fromEntries(source.constants) };
  const make = new Function(
    ...Object.keys(given),
    `'use strict';\n${source.text()}\nreturn { write: ${names.write}, collect: ${list(names.collect.map(list))}, indexers: ${list(names.indexers)} };`,
  );
  return make(...Object.values(given)) as EntryFunctions;
}
