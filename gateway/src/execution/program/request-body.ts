import type { TypeRelations } from '../objects/type-relations.ts';
import type { EntityGroup, Place, PlanStep } from '../plan/steps.ts';
import { findValue } from './find-value.ts';
import { type Layout, type Position, providersOf } from './layout.ts';
import type { GroupLink } from './link.ts';
import { type IndexWords, rememberedIndex } from './remembered-index.ts';
import { generateRepresent } from './represent.ts';
import { type RequiredOfType, requiredOfType } from './required-fields.ts';
import { solePosition } from './sole-position.ts';
import type { SourceText } from './source-text.ts';
import { Unsupported } from './unsupported.ts';

export interface BodyContext {
  readonly source: SourceText;
  readonly layout: Layout;
  readonly relations: TypeRelations;
  /** Object types of the supergraph that fit a type. */
  readonly membersOf: (type: string) => readonly string[];
  readonly abstractNames: ReadonlySet<string>;
  /** Types of the objects that the client selects at a position. */
  readonly typesAt: (position: Position) => Iterable<string>;
  readonly isNonNull: (type: string, field: string) => boolean;
  readonly groupOf: (step: number, group: number) => EntityGroup | undefined;
}

/** The name of a generated function that writes the representations of a group and gives its batch, and how its answer is linked. */
export interface GroupCode {
  readonly collect: string;
  readonly link: GroupLink;
}

export function generateGroup(context: BodyContext, step: PlanStep, index: number): GroupCode {
  const group = step.groups?.[index] as EntityGroup;
  const asked: string[] = [];
  const askedIndex = (type: string): number => {
    const known = asked.indexOf(type);
    return known === -1 ? asked.push(type) - 1 : known;
  };
  const words: IndexWords = new Map();
  const blocks = group.places.map((place, at) => {
    const position = context.layout.places[step.id]?.[index]?.[at] as Position;
    return placeCode({ context, step, group, index, position, place, askedIndex, words });
  });
  const collect = context.source.name('collect');
  context.source.add(`function ${collect}(arena) { // step ${step.id}, ${group.responseKey}
  const batch = beginBatch(arena), bytes = arena.bytes;
  let tape = arena.tape;
${blocks.join('\n')}
  return endBatch(arena, batch);
}`);
  return { collect, link: groupLink(context, step, group, asked) };
}

interface PlaceOfGroup {
  readonly context: BodyContext;
  readonly step: PlanStep;
  readonly group: EntityGroup;
  readonly index: number;
  readonly position: Position;
  readonly place: Place;
  readonly askedIndex: (type: string) => number;
  readonly words: IndexWords;
}

function placeCode({ context, step, group, index, position, place, askedIndex, words }: PlaceOfGroup): string {
  const { source, layout, abstractNames, isNonNull } = context;
  const known = layout.before[step.id] as ReadonlySet<number>;
  const types = typesOf(context, group, position);
  const { identify, represent } = generateRepresent(
    { source, known, abstractNames, types, askedIndex, isNonNull },
    position,
  );
  const link = position.links.find((one) => one.step === step.id && one.group === index);
  if (link === undefined) throw new Unsupported(`step ${step.id} is linked to nothing`);
  const memo = rememberedIndex({ position, known, types, group }, context, words);
  const where = memo === undefined ? '-1' : `entity < 0 ? -1 : entity + ${memo.word}`;
  const find = memo === undefined ? '' : `const entity = tape[record + ${memo.link}]; `;
  const take = `${find}takeObject(arena, record, ${link.offset}, ${identify}, ${represent}, ${where}); tape = arena.tape;`;
  const code = walkCode(context, { root: layout.root, place, known, take });
  return `  { // ${place.join('.')}\n    const record = arena.root;\n    ${code}\n  }`;
}

interface Walk {
  readonly root: Position;
  readonly place: Place;
  readonly known: ReadonlySet<number>;
  readonly take: string;
}

/** Nested loops over the objects of a place; each block has its own `record`. */
function walkCode({ source }: BodyContext, { root, place, known, take }: Walk): string {
  let position = root;
  let value = 'record';
  let code = '';
  let open = 0;
  const enter = (): void => {
    code += `if (${value} >= 0 && ${value} < LIST) { const record = ${value}; `;
    open += 1;
  };
  for (const [at, key] of place.entries()) {
    if (key === '@') {
      const item = source.name('item');
      code += `for (let ${item} = firstItem(${value}); ${item} >= 0; ${item} = tape[${item}]) { const ${item}Value = itemValue(tape, ${item}); `;
      value = `${item}Value`;
      open += 1;
      continue;
    }
    if (at > 0) enter();
    const providers = providersOf(position, key, known);
    value = source.name('v');
    code += `${findValue(providers, value, { isLeaf: false }).declare} `;
    const below = solePosition(providers, place.join('.'));
    if (below === undefined) throw new Unsupported(`nothing is known of ${place.join('.')}`);
    position = below;
  }
  if (place.length > 0) enter();
  return `${code}${take}${' }'.repeat(open)}`;
}

/** Every type that an object can have there, as far as anyone knows, with what is told of it. */
function typesOf(
  { relations, membersOf, typesAt }: BodyContext,
  group: EntityGroup,
  position: Position,
): Map<string, RequiredOfType | undefined> {
  const names = new Set<string>();
  for (const selection of group.requires) {
    if (selection.kind === 'InlineFragment' && selection.typeCondition !== undefined) {
      for (const name of membersOf(selection.typeCondition)) names.add(name);
      // the only name that an interface object may have been given
      names.add(selection.typeCondition);
    }
  }
  for (const name of typesAt(position)) names.add(name);
  return new Map([...names].map((name) => [name, requiredOfType(group, name, relations)]));
}

function groupLink(
  { layout, membersOf, relations }: BodyContext,
  step: PlanStep,
  group: EntityGroup,
  asked: readonly string[],
): GroupLink {
  const data = layout.steps[step.id]?.fields.get('data')?.position;
  const entities = data?.fields.get(group.responseKey);
  const usable = asked.map((type) => {
    const names = [type, ...membersOf(type)].filter((name) => relations.fits(name, type));
    return [...new Set(names)].map((name) => Buffer.from(JSON.stringify(name)));
  });
  return {
    offset: entities?.offset ?? -1,
    typename: entities?.position?.fields.get('__typename')?.offset ?? -1,
    usable,
  };
}
