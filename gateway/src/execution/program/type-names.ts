import type { Arena } from './arena.ts';
import { isText } from './index-record.ts';
import { type Position, providersOf } from './layout.ts';
import { MISSING } from './tape.ts';

/** Where the name of an object's type can be, and what it can be. Texts are JSON, with their quotes. */
export interface TypeNames {
  /** -1: in the record itself; else the offset of the link. */
  readonly links: readonly number[];
  readonly offsets: readonly number[];
  /** Object types first, then abstract ones. */
  readonly names: readonly Buffer[];
  readonly concrete: number;
  /** Names that say less than any other (`@interfaceObject`). */
  readonly vague: readonly Buffer[];
}

export const UNKNOWN_TYPE = -1;
export const NO_TYPE_GIVEN = -2;

/**
 * The index of an object's type among the names: a concrete one wins over an abstract one. UNKNOWN_TYPE: it needs a closer
 * look, since it is none of the names, or subgraphs say different things. NO_TYPE_GIVEN: no subgraph says anything.
 */
export function typeOf(arena: Arena, record: number, types: TypeNames): number {
  const { tape, bytes } = arena;
  const { links, offsets, names, concrete } = types;
  let found = NO_TYPE_GIVEN;
  let vague = false;
  for (let index = 0; index < links.length; index += 1) {
    const link = links[index] as number;
    const holder = link === -1 ? record : (tape[record + link] as number);
    const slot = holder + (offsets[index] as number);
    const start = holder < 0 ? MISSING : (tape[slot] as number);
    if (start < 0) continue;
    const end = tape[slot + 1] as number;
    const name = indexOfText(bytes, start, end, names);
    if (name === -1 && indexOfText(bytes, start, end, types.vague) === -1) return UNKNOWN_TYPE;
    if (name === -1) vague = true;
    else if (found === NO_TYPE_GIVEN || (found >= concrete && name < concrete)) found = name;
    else if (name !== found && name < concrete) return UNKNOWN_TYPE;
  }
  return vague && found === NO_TYPE_GIVEN ? UNKNOWN_TYPE : found;
}

function indexOfText(bytes: Buffer, start: number, end: number, texts: readonly Buffer[]): number {
  for (let index = 0; index < texts.length; index += 1) {
    if (isText(bytes, start, end, texts[index] as Buffer)) return index;
  }
  return -1;
}

/** `names` can hold abstract types; the names of all those are in `abstract`. */
export function typeNames(
  position: Position,
  names: readonly string[],
  abstract: ReadonlySet<string>,
  known?: ReadonlySet<number>,
): TypeNames & { readonly order: readonly string[] } {
  const providers = providersOf(position, '__typename', known);
  const concrete = names.filter((name) => !abstract.has(name));
  const order = [...concrete, ...names.filter((name) => abstract.has(name))];
  const toText = (name: string) => Buffer.from(JSON.stringify(name));
  return {
    links: providers.map(({ link }) => link?.offset ?? -1),
    offsets: providers.map(({ field }) => field.offset),
    names: order.map(toText),
    concrete: concrete.length,
    vague: [...abstract].map(toText),
    order,
  };
}
