import type { TypeRelations } from '../objects/type-relations.ts';
import type { EntityGroup } from '../plan/steps.ts';
import { addWord, type Link, type Position, providersOf } from './layout.ts';
import { type RequiredField, type RequiredOfType, requiredOfType } from './required-fields.ts';

/** Objects at a place, whose representations are to be written. */
export interface RepresentedPlace {
  readonly position: Position;
  /** Steps whose answers are there. */
  readonly known: ReadonlySet<number>;
  readonly types: ReadonlyMap<string, RequiredOfType | undefined>;
  readonly group: EntityGroup;
}

export interface Deciding {
  readonly relations: TypeRelations;
  readonly abstractNames: ReadonlySet<string>;
  readonly groupOf: (step: number, group: number) => EntityGroup | undefined;
}

/** Words of entities, one for each group that remembers something in them. */
export type IndexWords = Map<Position, number>;

/**
 * An entity that stands at many places has one record in the answer to its representation. When what is to be told of an
 * object is in that record, or was in the representation itself, then all objects with that record have one representation
 * now too: the record remembers its index. Gives where: the link, and the word of its record; undefined: there is none.
 */
export function rememberedIndex(
  place: RepresentedPlace,
  deciding: Deciding,
  words: IndexWords,
): { readonly link: number; readonly word: number } | undefined {
  const { position, known, types, group } = place;
  const sure = [...types.keys()].every((type) => !deciding.abstractNames.has(type));
  // a type that several subgraphs tell must be looked at for each object: they can disagree
  if (!sure || group.inputRewrites.length > 0 || providersOf(position, '__typename', known).length !== 1)
    return undefined;
  const link = position.links.find((one) => known.has(one.step) && decides(one, place, deciding));
  if (link === undefined) return undefined;
  const word = words.get(link.position) ?? addWord(link.position);
  words.set(link.position, word);
  return { link: link.offset, word };
}

function decides(link: Link, { position, known, types }: RepresentedPlace, deciding: Deciding): boolean {
  const group = deciding.groupOf(link.step, link.group);
  if (group === undefined || group.inputRewrites.length > 0) return false;
  return [...types].every(([type, required]) => {
    const told = requiredOfType(group, type, deciding.relations);
    // objects of this type have no record there, or nothing is told of them now
    if (told === undefined || required === undefined) return true;
    if (told.several || required.several) return false;
    return required.fields.every((field) => {
      if (field.alias === '__typename') return true;
      const providers = providersOf(position, field.name, known);
      if (providers.length !== 1) return false;
      return providers[0]?.link === link || told.fields.some((one) => isSame(one, field));
    });
  });
}

/** The same value: what it is called in the representation does not matter. */
function isSame(a: RequiredField, b: RequiredField): boolean {
  if (a.name !== b.name || a.fields.length !== b.fields.length) return false;
  return a.fields.every((field, index) => isSame(field, b.fields[index] as RequiredField));
}
