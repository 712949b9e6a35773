import { NEEDS_ABSENT, NEEDS_MISSING, OTHER_TYPE } from './entity-batch.ts';
import { findValue } from './find-value.ts';
import { type Position, providersOf } from './layout.ts';
import type { RequiredField, RequiredOfType } from './required-fields.ts';
import { solePosition } from './sole-position.ts';
import type { SourceText } from './source-text.ts';
import { EMPTY_LIST, LIST, NULL } from './tape.ts';
import { typeNames } from './type-names.ts';
import { Unsupported } from './unsupported.ts';

export interface Representing {
  readonly source: SourceText;
  /** Steps whose answers are there. */
  readonly known: ReadonlySet<number>;
  readonly abstractNames: ReadonlySet<string>;
  /** Types of the objects that can be at the place, with what is told of each; undefined: nothing. */
  readonly types: ReadonlyMap<string, RequiredOfType | undefined>;
  /** Index of a type that can be asked for. */
  readonly askedIndex: (type: string) => number;
  readonly isNonNull: (type: string, field: string) => boolean;
}

/** Generates the function that writes the representation of an object at a position: a `Represent`. */
export function generateRepresent(representing: Representing, position: Position): string {
  const { source, known, abstractNames, types } = representing;
  const name = source.name('represent');
  const names = typeNames(position, [...types.keys()], abstractNames, known);
  const check = source.constant('types', names);
  const writers = new Map<string, string>();
  const cases = names.order.map((type, index) => {
    const required = types.get(type);
    if (required === undefined) return `    case ${index}: return ${OTHER_TYPE};`;
    const likeness = JSON.stringify(required);
    const writer = writers.get(likeness) ?? generateWriter(representing, position, required, type);
    writers.set(likeness, writer);
    return `    case ${index}: return ${writer}(arena, record);`;
  });
  source.add(`function ${name}(arena, record) {
  switch (typeOf(arena, record, ${check})) {
${cases.join('\n')}
    default: throw LEAVE;
  }
}`);
  return name;
}

function generateWriter(
  representing: Representing,
  position: Position,
  required: RequiredOfType,
  type: string,
): string {
  const { source, askedIndex } = representing;
  const name = source.name('represented');
  source.add(`function ${name}(arena, record) { // ${type}
  const tape = arena.tape, bytes = arena.bytes;
${objectCode(representing, position, required.fields, required.asked)}
  return ${askedIndex(required.asked)};
}`);
  return name;
}

/** `asked`: what `__typename` is, when it is the representation itself that is written. */
function objectCode(
  representing: Representing,
  position: Position,
  fields: readonly RequiredField[],
  asked: string | undefined,
): string {
  const { source } = representing;
  let text = '{';
  const lines: string[] = [];
  for (const [index, field] of fields.entries()) {
    text += `${index === 0 ? '' : ','}${JSON.stringify(field.alias)}:`;
    if (field.alias === '__typename' && asked !== undefined) {
      text += JSON.stringify(asked);
      continue;
    }
    lines.push(`writeLiteral(arena, ${source.literal(text)});`, fieldCode(representing, position, field));
    text = '';
  }
  lines.push(`writeLiteral(arena, ${source.literal(`${text}}`)});`);
  return lines.map((line) => `  ${line}`).join('\n');
}

function fieldCode(representing: Representing, position: Position, field: RequiredField): string {
  const { source, known, isNonNull } = representing;
  const value = source.name('v');
  const isLeaf = field.fields.length === 0;
  const providers = providersOf(position, field.name, known);
  const { declare, end } = findValue(providers, value, isLeaf);
  const nonNull = field.type !== undefined && isNonNull(field.type, field.name);
  const onNull = nonNull ? `return ${NEEDS_MISSING};` : `writeLiteral(arena, ${source.literal('null')});`;
  // a word here is of a link, and what it stands for is absent; null as a value is a text, or that of a composite field
  if (isLeaf) {
    if (providers.some(({ field: found }) => found.position !== null))
      throw new Unsupported(`${field.name} is no leaf`);
    return (
      `${declare} if (${value} < 0) return ${value} === ${NULL} ? ${NEEDS_ABSENT} : ${NEEDS_MISSING}; ` +
      `if (bytes[${value}] === 110) { ${onNull} } else writeKey(arena, ${value}, ${end});`
    );
  }
  const below = solePosition(providers, field.name);
  if (below === undefined) throw new Unsupported(`nothing is known of ${field.name}`);
  if (providers[0]?.link !== null) throw new Unsupported(`a composite requirement comes from another step`);
  const write = generateValue(representing, below, field.fields);
  return (
    `${declare} if (${value} === ${NULL}) { ${onNull} } ` +
    `else { const problem = ${write}(arena, ${value}); if (problem !== 0) return problem; }`
  );
}

/** A nested object or list; the function gives 0, or why the whole cannot be told. */
function generateValue(representing: Representing, position: Position, fields: readonly RequiredField[]): string {
  const { source } = representing;
  if (position.fields.has('__typename')) throw new Unsupported('a requirement of values with types');
  const name = source.name('requiredValue');
  source.add(`function ${name}(arena, record) {
  const tape = arena.tape, bytes = arena.bytes;
  if (record === ${NULL}) { writeLiteral(arena, ${source.literal('null')}); return 0; }
  if (record >= ${LIST} || record === ${EMPTY_LIST}) {
    writeByte(arena, 91);
    for (let item = firstItem(record); item >= 0;) {
      const problem = ${name}(arena, itemValue(tape, item));
      if (problem !== 0) return problem;
      item = tape[item];
      if (item >= 0) writeByte(arena, 44);
    }
    writeByte(arena, 93);
    return 0;
  }
  if (record < 0) return ${NEEDS_MISSING};
${objectCode(representing, position, fields, undefined)}
  return 0;
}`);
  return name;
}
