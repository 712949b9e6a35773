import { type GraphQLObjectType, getNamedType, isCompositeType } from 'graphql';
import type { RequiredSelection } from '../plan/steps.ts';
import type { CollectedField } from './collect-fields.ts';
import { addWord, type Link, type Position, providersOf } from './layout.ts';
import type { Projecting } from './projecting.ts';
import { MISSING } from './tape.ts';

/** Code around the writing of an object that lets it be written once and copied where it stands again. */
export interface MemoCode {
  readonly before: string;
  readonly after: string;
}

interface Written {
  readonly position: Position;
  readonly type: GraphQLObjectType;
  readonly fields: readonly CollectedField[];
}

const NO_MEMO: MemoCode = { before: '', after: '' };

/**
 * An entity that stands at many places has one record in the answer to its representation. When all that is written of an
 * object is in that record, or in the representation itself, or follows from both, its text is the same wherever it stands:
 * the record remembers where in the output it was written first.
 */
export function memoCode(projecting: Projecting, written: Written): MemoCode {
  const link = decidingLink(projecting, written);
  if (link === undefined) return NO_MEMO;
  const start = addWord(link.position);
  const end = addWord(link.position);
  return {
    before: `  const entity = tape[record + ${link.offset}], first = arena.outputLength;
  if (entity >= 0 && tape[entity + ${start}] !== ${MISSING}) {
    writeAgain(arena, tape[entity + ${start}], tape[entity + ${end}]);
    return true;
  }
`,
    after: `  if (entity >= 0) { tape[entity + ${start}] = first; tape[entity + ${end}] = arena.outputLength; }\n`,
  };
}

function decidingLink(projecting: Projecting, { position, type, fields }: Written): Link | undefined {
  const used = new Set<Link>();
  const own = new Set<string>();
  for (const { key, name } of fields) {
    if (name === '__typename') continue;
    const providers = providersOf(position, key);
    if (providers.length !== 1) return undefined;
    const link = providers[0]?.link ?? null;
    if (link !== null) used.add(link);
    else if (isComposite(type, name)) return undefined;
    else own.add(key);
  }
  const [first, ...others] = [...used].sort((a, b) => a.step - b.step);
  if (first === undefined) return undefined;
  const requires = projecting.groupOf(first.step, first.group)?.requires ?? [];
  // of several fragments it would have to be known which is told of this type
  if (requires.length !== 1) return undefined;
  const told = leavesOf(requires);
  if (![...own].every((key) => told.has(key))) return undefined;
  const follows = (link: Link) => isToldBy(projecting, position, { link, first, told });
  return others.every(follows) ? first : undefined;
}

function isComposite(type: GraphQLObjectType, name: string): boolean {
  const definition = type.getFields()[name];
  return definition === undefined || isCompositeType(getNamedType(definition.type));
}

/** Whether equal representations of the first link's group mean equal ones for another link. */
function isToldBy(
  projecting: Projecting,
  position: Position,
  { link, first, told }: { readonly link: Link; readonly first: Link; readonly told: ReadonlySet<string> },
): boolean {
  const requires = projecting.groupOf(link.step, link.group)?.requires ?? [];
  if (!isFlat(requires)) return false;
  return [...leavesOf(requires)].every((key) => {
    if (told.has(key)) return true;
    const providers = providersOf(position, key);
    return providers.length === 1 && providers[0]?.link === first;
  });
}

function fieldsOf(requires: readonly RequiredSelection[]): Extract<RequiredSelection, { readonly kind: 'Field' }>[] {
  return requires.flatMap((one) => (one.kind === 'Field' ? [one] : fieldsOf(one.selections)));
}

function leavesOf(requires: readonly RequiredSelection[]): Set<string> {
  return new Set(fieldsOf(requires).flatMap(({ name, selections = [] }) => (selections.length === 0 ? [name] : [])));
}

function isFlat(requires: readonly RequiredSelection[]): boolean {
  return fieldsOf(requires).every(({ selections = [] }) => selections.length === 0);
}
