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

export interface RepresentCode {
  /** Names of an `Identify` and a `Represent`. */
  readonly identify: string;
  readonly represent: string;
}

/** Generates the functions that identify and write the representation of an object at a position. */
export function generateRepresent(representing: Representing, position: Position): RepresentCode {
  const { source, known, abstractNames, types } = representing;
  const check = source.constant('types', typeNames(position, [...types.keys()], abstractNames, known));
  const order = typeNames(position, [...types.keys()], abstractNames, known).order;
  const writing = (brief: boolean, { several }: RequiredOfType): Writing => ({
    ...representing,
    brief,
    doubtful: false,
    problem: (word) => (several ? 'throw LEAVE;' : `return ${word};`),
  });
  const functionOf = (prefix: string, brief: boolean): string => {
    const name = source.name(prefix);
    const writers = new Map<string, string>();
    const cases = order.map((type, index) => {
      const required = types.get(type);
      if (required === undefined) return `    case ${index}: return ${OTHER_TYPE};`;
      const likeness = JSON.stringify(required);
      const writer = writers.get(likeness) ?? generateWriter(writing(brief, required), position, required, type);
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
  };
  return { identify: functionOf('identify', true), represent: functionOf('represent', false) };
}

interface Writing extends Representing {
  /** Keys are left out. */
  readonly brief: boolean;
  /** Statement for when something that is needed is not there. */
  readonly problem: (word: number | string) => string;
  /** Whether a field may be null depends on the type that the object has. */
  readonly doubtful: boolean;
}

function generateWriter(writing: Writing, position: Position, required: RequiredOfType, type: string): string {
  const { source, askedIndex, brief } = writing;
  const name = source.name(brief ? 'identified' : 'represented');
  const key = brief ? soleLeaf(required) : undefined;
  const code =
    key === undefined
      ? objectCode(writing, position, required.fields, required.asked)
      : leafCode(writing, position, key, (start, end) => `arena.keyStart = ${start}; arena.keyEnd = ${end};`);
  source.add(`function ${name}(arena, record) { // ${type}
  const tape = arena.tape, bytes = arena.bytes;
${code}
  return ${askedIndex(required.asked)};
}`);
  return name;
}

/** The one value that tells objects of a type apart, as a key mostly is. */
function soleLeaf({ fields }: RequiredOfType): RequiredField | undefined {
  const [key, ...others] = fields.filter(({ alias }) => alias !== '__typename');
  return others.length === 0 && key?.fields.length === 0 ? key : undefined;
}

/** `asked`: what `__typename` is, when it is the representation itself that is written. */
function objectCode(
  representing: Writing,
  position: Position,
  fields: readonly RequiredField[],
  asked: string | undefined,
): string {
  const { source, brief } = representing;
  let text = brief ? '' : '{';
  const lines: string[] = [];
  for (const [index, field] of fields.entries()) {
    text += `${index === 0 ? '' : ','}${brief ? '' : `${JSON.stringify(field.alias)}:`}`;
    if (field.alias === '__typename' && asked !== undefined) {
      text += brief ? String(representing.askedIndex(asked)) : JSON.stringify(asked);
      continue;
    }
    if (text !== '') lines.push(`writeLiteral(arena, ${source.literal(text)});`);
    lines.push(fieldCode(representing, position, field));
    text = '';
  }
  if (!brief) text += '}';
  if (text !== '') lines.push(`writeLiteral(arena, ${source.literal(text)});`);
  return lines.map((line) => `  ${line}`).join('\n');
}

/** A word in the place of a text or a record is of a link: what it stands for is absent, or not there. */
const onWord = ({ problem }: Writing, word: string): string =>
  problem(`${word} === ${NULL} ? ${NEEDS_ABSENT} : ${NEEDS_MISSING}`);

/** Statement for a null; undefined: it is a value like others. */
function onNull({ doubtful, isNonNull, problem }: Writing, field: RequiredField): string | undefined {
  if (doubtful) return 'throw LEAVE;';
  return field.types.some((type) => isNonNull(type, field.name)) ? problem(NEEDS_MISSING) : undefined;
}

/** `use` gets names of where the text of the value starts and ends. */
function leafCode(
  writing: Writing,
  position: Position,
  field: RequiredField,
  use: (start: string, end: string) => string,
): string {
  const value = writing.source.name('v');
  const providers = providersOf(position, field.name, writing.known);
  const { declare, end } = findValue(providers, value, { isLeaf: true, onDifference: 'throw LEAVE;' });
  if (providers.some(({ field: found }) => found.position !== null)) throw new Unsupported(`${field.name} is no leaf`);
  const refuse = onNull(writing, field);
  const whenNull = refuse === undefined ? '' : `if (bytes[${value}] === 110) { ${refuse} } `;
  return `${declare} if (${value} < 0) ${onWord(writing, value)} ${whenNull}${use(value, end)}`;
}

function fieldCode(representing: Writing, position: Position, field: RequiredField): string {
  const { source, known, problem } = representing;
  if (field.fields.length === 0) {
    return leafCode(representing, position, field, (start, end) => `writeKey(arena, ${start}, ${end});`);
  }
  const value = source.name('v');
  const providers = providersOf(position, field.name, known);
  const { declare } = findValue(providers, value, { isLeaf: false, onDifference: 'throw LEAVE;' });
  const below = solePosition(providers, field.name);
  if (below === undefined) throw new Unsupported(`nothing is known of ${field.name}`);
  const write = generateValue(representing, below, field.fields);
  const whenNull = onNull(representing, field) ?? `writeLiteral(arena, ${source.literal('null')});`;
  const absent = providers[0]?.link === null ? '' : `if (${value}In < 0) ${onWord(representing, `${value}In`)} `;
  return (
    `${declare} ${absent}if (${value} === ${NULL}) { ${whenNull} } ` +
    `else { const problem = ${write}(arena, ${value}); if (problem !== 0) ${problem('problem')} }`
  );
}

/** A nested object or list; the function gives 0, or why the whole cannot be told. */
function generateValue(representing: Writing, position: Position, fields: readonly RequiredField[]): string {
  const { source } = representing;
  const writing = { ...representing, doubtful: position.fields.get('__typename')?.asked === true };
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
${objectCode(writing, position, fields, undefined)}
  return 0;
}`);
  return name;
}
